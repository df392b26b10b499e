"""`python3 -m firmware_config.image`, from the stick."""

import sys

from firmware_config.image.cli import main

sys.exit(main())
