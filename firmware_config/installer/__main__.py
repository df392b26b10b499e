"""`python3 -m firmware_config.installer`, as `firmware_config/install` starts it."""

import sys

from firmware_config.installer.cli import main

sys.exit(main())
