#include "watch/judge.h"

#include <algorithm>
#include <array>

namespace luy::watch {
namespace {

constexpr std::array<std::string_view, 5> sign_names = {"down", "slow", "changed", "defaced", "certificate"};
constexpr std::array<std::string_view, 5> severity_names = {"informational", "low", "medium", "high", "critical"};

std::string milliseconds(Duration time) {
  return std::to_string(std::chrono::round<std::chrono::milliseconds>(time).count());
}

std::string in_quotes(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "“" : ", “") + word + "”";
  return out;
}

class Judge {
 public:
  Judge(const Service& service, const Words& words, bool announced, const Probe& probe, Memory& memory,
        const Pace& pace)
      : service_(service), words_(words), announced_(announced), probe_(probe), memory_(memory), pace_(pace) {
    const auto target = parse_target(service.kind, service.target);
    host_ = target ? target->host : service.target;
  }

  std::vector<Sighting> run() {
    memory_.last = probe_;
    memory_.last->content.reset();
    if (probe_.certificate) see_certificate();
    if (probe_.failure != Failure::none) {
      fail();
      return std::move(out_);
    }
    memory_.failures = 0;
    const bool slow = see_latency();
    const bool changed = see_content();
    become(changed ? State::changed : slow ? State::slow : State::up);
    return std::move(out_);
  }

 private:
  void become(State state) {
    if (memory_.state == state) return;
    memory_.state = state;
    memory_.since = probe_.at;
  }

  void tell(Sign sign, Severity severity, Text title, Text story) {
    Sighting sighting;
    sighting.sign = sign;
    sighting.service = service_.id;
    sighting.agency = service_.agency;
    sighting.severity = severity;
    sighting.title = std::move(title);
    sighting.story = std::move(story);
    sighting.host = host_;
    sighting.at = probe_.at;
    if (sign == Sign::changed || sign == Sign::defaced) sighting.changes = memory_.changes;
    out_.push_back(std::move(sighting));
  }

  void fail() {
    memory_.slow = memory_.fast = 0;
    if (!is_outage(probe_.failure)) return become(State::unknown);
    const bool told = memory_.failures >= looks_to_be_down;
    if (!told) ++memory_.failures;
    if (memory_.failures < looks_to_be_down) return;
    become(State::down);
    if (told) return;
    if (announced_) {
      memory_.failures = looks_to_be_down - 1;  // Told by the first look after the announced time, if it is down still.
      return;
    }
    const Text why = meaning_of(probe_.failure);
    const std::string detail = probe_.detail.empty() ? "" : " (" + probe_.detail + ")";
    tell(Sign::down, Severity::high, {"Không truy cập được " + service_.name, service_.name + " cannot be reached"},
         {"Đã thử " + std::to_string(looks_to_be_down) + " lần liên tiếp với " + service_.target + ". " + why.vi +
              detail,
          std::to_string(looks_to_be_down) + " looks in a row at " + service_.target + " failed. " + why.en + detail});
  }

  // Learns only from what is not slow, so that an attack of hours does not become the measure.
  bool see_latency() {
    if (!probe_.latency) return false;
    const auto level = memory_.baseline.level(probe_.at);
    const bool late = level && *probe_.latency > level->limit;
    const bool told = memory_.slow >= looks_to_be_slow;
    memory_.slow = late ? std::min(memory_.slow + 1, looks_to_be_slow) : 0;
    memory_.fast = late ? 0 : std::min(memory_.fast + 1, looks_to_be_fast_again);
    if (!late) memory_.baseline.add(probe_.at, *probe_.latency);
    const bool was_slow = memory_.state == State::slow;
    if (was_slow) return memory_.fast < looks_to_be_fast_again;
    if (memory_.slow < looks_to_be_slow) return false;
    if (announced_) {
      memory_.slow = looks_to_be_slow - 1;
      return false;
    }
    if (told) return true;  // It shows something else, too, which is the graver state.
    tell(Sign::slow, Severity::medium, {service_.name + " chậm bất thường", service_.name + " is abnormally slow"},
         {"Trả lời sau " + milliseconds(*probe_.latency) + " ms; vào giờ này thường là " + milliseconds(level->median) +
              " ms, ngưỡng " + milliseconds(level->limit) + " ms (" + std::to_string(level->samples) + " lần đo).",
          "It answers after " + milliseconds(*probe_.latency) + " ms; ordinary at this hour are " +
              milliseconds(level->median) + " ms, the limit is " + milliseconds(level->limit) + " ms (" +
              std::to_string(level->samples) + " measurements)."});
    return true;
  }

  bool see_content() {
    if (!probe_.content) return false;
    Page page = read_page(*probe_.content, probe_.content_type);
    page.cut = page.cut || probe_.content_cut;
    Difference difference;
    if (announced_ && memory_.page.known()) {
      memory_.page.follow(page, probe_.at);
      difference = memory_.page.visit(page, words_, probe_.at, pace_.learning());
      difference.changes.clear();
      difference.grave = false;
    } else {
      difference = memory_.page.visit(page, words_, probe_.at, pace_.learning());
    }
    memory_.content_seen_at = probe_.at;
    memory_.shown = std::move(page);
    memory_.shown_at = probe_.at;
    memory_.changes = difference.changes;
    memory_.words = difference.words.all();
    const bool was_changed = memory_.state == State::changed;
    if (!difference.any()) {
      memory_.changed = 0;
      return false;
    }
    if (difference.words.alarming()) {
      if (!told_words(difference)) deface(difference);
      memory_.changed = looks_to_be_changed;
      return true;
    }
    memory_.changed = std::min(memory_.changed + 1, looks_to_be_changed);
    if (memory_.changed < looks_to_be_changed) return was_changed;
    if (!was_changed) change(difference);
    return true;
  }

  // The same words again are the same defacement.
  bool told_words(const Difference& difference) const {
    return memory_.state == State::changed && memory_.changed >= looks_to_be_changed && told_ == difference.words.all();
  }

  void deface(const Difference& difference) {
    const std::string words = in_quotes(difference.words.all());
    tell(Sign::defaced, Severity::critical,
         {"Nghi bị thay đổi nội dung trái phép: " + service_.name, "Probably defaced: " + service_.name},
         {"Trang " + service_.target + " xuất hiện từ ngữ phá hoại: " + words + ".",
          "The page " + service_.target + " shows words of defacement: " + words + "."});
  }

  void change(const Difference& difference) {
    const std::size_t count = difference.changes.size() + difference.more;
    const std::string number = std::to_string(count);
    const Severity severity = difference.grave ? Severity::high : Severity::medium;
    const Text grave =
        difference.grave
            ? Text{" Có dấu hiệu nghiêm trọng: tiêu đề, mã chạy từ máy chủ lạ, hoặc mất phần lớn nội dung.",
                   " Grave: the title, code from an unknown host, or most of the text is concerned."}
            : Text{};
    tell(Sign::changed, severity, {"Nội dung thay đổi: " + service_.name, "Content changed: " + service_.name},
         {service_.target + " khác với lần trước ở " + number + " chỗ, không được báo trước." + grave.vi,
          service_.target + " differs from before in " + number + " places, and nobody announced it." + grave.en});
  }

  void see_certificate() {
    const Time end = probe_.certificate->expires_at;
    if (memory_.certificate_end != end) {
      memory_.certificate_end = end;
      memory_.certificate_told.reset();
    }
    const auto left = std::chrono::floor<days>(end - probe_.at).count();
    std::optional<int> step;
    for (const int one : certificate_steps) {
      if (left < one || (one == 0 && end <= probe_.at)) step = one;
    }
    if (!step || (memory_.certificate_told && *memory_.certificate_told <= *step)) return;
    memory_.certificate_told = step;
    const bool over = end <= probe_.at;
    const std::string day = to_vietnamese(day_of(end));
    const Severity severity = over || *step <= 1 ? Severity::high : *step <= 7 ? Severity::medium : Severity::low;
    if (over) {
      tell(Sign::certificate, severity,
           {"Chứng thư đã hết hạn: " + service_.name, "Certificate expired: " + service_.name},
           {"Chứng thư của " + host_ + " hết hạn ngày " + day + ".",
            "The certificate of " + host_ + " expired on " + to_iso(day_of(end)) + "."});
      return;
    }
    tell(Sign::certificate, severity,
         {"Chứng thư sắp hết hạn: " + service_.name, "Certificate about to expire: " + service_.name},
         {"Chứng thư của " + host_ + " hết hạn ngày " + day + ", còn " + std::to_string(left) + " ngày.",
          "The certificate of " + host_ + " expires on " + to_iso(day_of(end)) + ", in " + std::to_string(left) +
              " days."});
  }

  const Service& service_;
  const Words& words_;
  const bool announced_;
  const Probe& probe_;
  Memory& memory_;
  const Pace& pace_;
  std::string host_;
  std::vector<std::string> told_ = memory_.words;
  std::vector<Sighting> out_;
};

}  // namespace

std::string_view name_of(Sign sign) {
  return sign_names[static_cast<std::size_t>(sign)];
}

std::string_view name_of(Severity severity) {
  return severity_names[static_cast<std::size_t>(severity)];
}

std::vector<Sighting> judge(const Service& service, const Words& words, bool announced, const Probe& probe,
                            Memory& memory, const Pace& pace) {
  return Judge(service, words, announced, probe, memory, pace).run();
}

Duration Pace::pause(std::chrono::seconds between) const {
  return times == 1 ? Duration(between) : std::max<Duration>(pause_min, Duration(between) / times);
}

Time next_look(const Service& service, const Memory& memory, const Pace& pace) {
  if (!memory.last) return service.added_at;
  const bool unsure = memory.failures > 0 && memory.failures < looks_to_be_down;
  const bool maybe_changed = memory.changed > 0 && memory.changed < looks_to_be_changed;
  const std::chrono::seconds pause =
      unsure || maybe_changed ? std::min(confirm_pause, service.interval) : service.interval;
  return memory.last->at + pace.pause(pause);
}

}  // namespace luy::watch
