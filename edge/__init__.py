"""What the unattended agents share: link, client, config, local web server, health."""
