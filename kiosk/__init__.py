"""The kiosk agent: touch, ticket, print."""
