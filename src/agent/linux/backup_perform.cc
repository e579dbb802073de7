// What luy-agent-backup alone does. Apart from the rest of backup_child.h, which the agent needs, so that the agent is
// linked without SQLite.
#include <poll.h>
#include <unistd.h>

#include "agent/backup_plan.h"
#include "agent/linux/backup_work.h"
#include "agent/linux/humble.h"

namespace luy::agent {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t job_bytes_max = 4 << 20;

}  // namespace

void run_backup_job(const BackupJob& job, const BackupParts& parts) {
  BackupWork work(job, parts);
  const auto end = [&]() -> Result<BackupEnd> {
    switch (job.act) {
      case BackupAct::run:
        return back_up(work);
      case BackupAct::drill:
        return drill(work);
      case BackupAct::preview:
        return preview_restore(work);
      case BackupAct::restore:
        return restore(work);
    }
    return backup_error(because::failed);
  }();
  BackupTold told;
  told.what = BackupTold::What::ended;
  if (end) {
    told.end = *end;
  } else {
    told.end.because = backup_because(end.error());
    told.end.detail = end.error().detail();
  }
  parts.tell(told);
}

int backup_main() {
  become_humble();
  const auto text = read_all(STDIN_FILENO, job_bytes_max);
  const auto job = text ? read_backup_job(*text) : Result<BackupJob>(text.error());
  if (!job) return 2;
  const SystemClock clock;
  run_backup_job(*job, {clock, [](const BackupTold& told) { write_out(to_line(told)); },
                        [](Duration time) {
                          ::poll(nullptr, 0, static_cast<int>(std::chrono::ceil<milliseconds>(time).count()));
                        }});
  return 0;
}

}  // namespace luy::agent
