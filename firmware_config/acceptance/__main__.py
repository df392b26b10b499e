"""`python3 -m firmware_config.acceptance`, from the stick or a checkout."""

import sys

from firmware_config.acceptance.cli import main

sys.exit(main())
