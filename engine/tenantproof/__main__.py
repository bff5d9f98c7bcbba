"""``python -m tenantproof``."""

import sys

from tenantproof.cli import main

sys.exit(main())
