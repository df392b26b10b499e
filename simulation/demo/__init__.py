"""The whole system on one machine: server, agents on virtual hardware, visitors, clerks."""
