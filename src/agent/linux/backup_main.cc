// luy-agent-backup: see agent/linux/backup_child.h.
#include "agent/linux/backup_child.h"

int main() {
  return luy::agent::backup_main();
}
