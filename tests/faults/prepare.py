"""`python -m tests.faults.prepare PORT READERS`: a newsletter in a database of its own."""

import sys

from publisher.startup import migrate, start

if __name__ == "__main__":
    start()
    migrate()
    from tests.faults.sending import newsletter

    newsletter(int(sys.argv[1]), readers=int(sys.argv[2]))
