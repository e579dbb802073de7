#include "hub/search_stream.h"

#include "base/log.h"
#include "evidence/question.h"
#include "hub/search_scope.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

struct Job {
  Job(const EvidenceApi& dependencies, SearchScope wanted) : d(dependencies), scope(std::move(wanted)), turn(d) {}
  const EvidenceApi& d;
  SearchScope scope;
  const SearchTurn turn;
  api::Request request;

  std::uint64_t hits = 0;
  std::uint64_t looked_at = 0;
  std::optional<Time> reached;
  Duration started{};
  Duration told{};
  bool late = false;  // The budget is spent.
  bool gone = false;  // Nobody listens any more.

  bool push(EventStream& to, std::string_view event, std::string_view id, const json::object& data) {
    gone = gone || !to.push_or_wait(event_frame(event, id, json::serialize(data)), stalled_after);
    return !gone;
  }
  std::int64_t milliseconds() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(d.clock.monotonic() - started).count();
  }
  // Asked before each block and each record.
  bool ends(EventStream& to) {
    if (gone || late) return true;
    gone = to.closed();
    const Duration now = d.clock.monotonic();
    late = now - started > stream_search_budget;
    if (!gone && !late && now - told >= progress_every) {
      told = now;
      json::object data{{"records_read", looked_at}, {"hits", hits}, {"milliseconds", milliseconds()}};
      data["reached"] = reached ? json::value(to_rfc3339(*reached)) : json::value(nullptr);
      push(to, "progress", {}, data);
    }
    return gone || late;
  }
};

json::array damaged_json(const evidence::Damage& damage) {
  json::array out;
  for (const evidence::DamagedRange& one : damage.ranges) {
    out.push_back(json::object{{"day", to_iso(one.day)}, {"first_seq", one.first_seq}, {"count", one.count}});
  }
  return out;
}

void run(Job& job, EventStream& to) {
  const EvidenceApi& d = job.d;
  job.started = job.told = d.clock.monotonic();
  job.scope.query.enough = [&] { return job.ends(to); };
  const auto visit = [&](const evidence::Record& record) {
    if (job.ends(to)) return evidence::Visit::stop;
    ++job.looked_at;
    job.reached = record.received;
    if (!job.scope.matches(record)) return evidence::Visit::skip;
    if (!job.push(to, "hit", std::to_string(record.seq), event_json(record, device_name_of(d, record)))) {
      return evidence::Visit::stop;
    }
    ++job.hits;
    return evidence::Visit::keep;
  };
  const auto stats = d.store.search(job.scope.query, {}, visit);
  d.searched(job.request);
  json::object end;
  end["hits"] = job.hits;
  end["records_read"] = job.looked_at;
  end["milliseconds"] = job.milliseconds();
  if (stats) {
    const bool limited = !stats->complete && !job.late && !job.gone;
    end["complete"] = stats->complete;
    end["reason"] = stats->complete ? "end" : limited ? "limit" : job.late ? "time" : "cancelled";
    end["next"] = stats->complete ? json::value(nullptr) : json::value(stats->reached);
    end["blocks_read"] = stats->blocks_read;
    end["blocks_skipped"] = stats->blocks_skipped;
    end["damaged"] = damaged_json(stats->damaged);
  } else {
    log(LogLevel::error, "hub", "search: " + stats.error().text());
    end["complete"] = false;
    end["reason"] = "failed";
    end["next"] = nullptr;
    end["damaged"] = json::array();
    end["problem"] = {{"code", stats.error().name()}, {"vi", stats.error().vi()}, {"en", stats.error().en()}};
  }
  job.push(to, "end", {}, end);
  to.close();
}

Result<SearchScope> wanted(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY(SearchScope scope, search_scope(d, request));
  LUY_TRY(const std::int64_t limit, request.number_param("limit", stream_hits_default, 1, stream_hits_max));
  scope.query.limit = static_cast<std::size_t>(limit);
  return scope;
}

}  // namespace

Result<api::Response> check_search(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY_VOID(wanted(d, request));
  return api::Response{};
}

Result<RunningSearch> start_search(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY(SearchScope scope, wanted(d, request));
  // shared_ptr: std::function wants what it holds to be copyable.
  auto job = std::make_shared<Job>(d, std::move(scope));
  if (!job->turn.held()) return Error(search_busy);
  job->request = request;
  return RunningSearch([job](EventStream& to) { run(*job, to); });
}

}  // namespace luy::hub
