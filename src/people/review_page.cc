#include "people/review_page.h"

#include <algorithm>
#include <utility>

namespace luy::people {
namespace {

namespace json = boost::json;

std::string_view title_of(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::account:
      return "tài khoản Lũy";
    case SubjectKind::device_account:
      return "tài khoản trên máy";
    case SubjectKind::delegation:
      return "giao quyền tạm thời";
    case SubjectKind::api_token:
      break;
  }
  return "mã truy cập API";
}

std::string_view title_of(Answer answer) {
  switch (answer) {
    case Answer::keep:
      return "Giữ nguyên";
    case Answer::change:
      return "Điều chỉnh";
    case Answer::remove:
      break;
  }
  return "Thu hồi";
}

std::string day_text(Time time) {
  return to_vietnamese(day_of(time));
}

// "2026-02-05T08:30" in Viet Nam, as fields of forms take it.
std::string local_minute(Time time) {
  return to_rfc3339(time + vietnam_offset).substr(0, 16);
}

std::string holder_of(const ReviewSubject& subject) {
  std::string out = subject.holder_name.empty() ? "chưa rõ người giữ" : subject.holder_name;
  if (!subject.position.empty()) out += ", " + subject.position;
  return out;
}

std::string rights_of(const ReviewSubject& subject) {
  std::string out;
  for (const Right& right : subject.rights) out += (out.empty() ? "" : "; ") + right.title.vi;
  return out;
}

std::string carried_out(const ReviewLine& line) {
  std::string out = line.reason;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
  if (line.owes()) add("chưa thực hiện");
  const bool was_to_do = line.answer && *line.answer != Answer::keep;
  if (was_to_do && line.done_at) add("đã thực hiện ngày " + day_text(*line.done_at));
  return out;
}

json::object decision_json(const ReviewLine& line) {
  const ReviewSubject& subject = line.subject;
  json::object out{{"what", subject.title + " (" + std::string(title_of(subject.kind)) + ")"},
                   {"holder", holder_of(subject)},
                   {"rights", rights_of(subject)},
                   {"decision", line.answer ? title_of(*line.answer) : std::string_view("Chưa rà soát")}};
  if (line.answer && line.at) out["by"] = line.by.name + ", " + day_text(*line.at);
  out["carried_out"] = carried_out(line);
  return out;
}

json::object open_json(const ReviewLine& line) {
  const char* state = "rà soát quyền này";
  if (line.answer) state = *line.answer == Answer::remove ? "thu hồi quyền" : "điều chỉnh quyền";
  return {{"what", line.subject.title + " (" + std::string(title_of(line.subject.kind)) + ")"},
          {"holder", holder_of(line.subject)},
          {"state", std::string(state) + (line.reason.empty() ? "" : ": " + line.reason)}};
}

// Each with how many lines they answered, whoever answered most first.
json::array reviewers_of(const Review& review) {
  std::vector<std::pair<std::string, std::size_t>> all;
  for (const ReviewLine& line : review.lines) {
    if (!line.answer) continue;
    const auto known = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == line.by.name; });
    if (known == all.end()) {
      all.emplace_back(line.by.name, 1);
    } else {
      ++known->second;
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  json::array out;
  for (const auto& [name, count] : all) out.emplace_back(name + ": " + std::to_string(count) + " quyền");
  return out;
}

}  // namespace

json::object review_page(const Review& review, const std::string& agency_name) {
  const auto count = [&](Answer answer) {
    return std::int64_t{std::count_if(review.lines.begin(), review.lines.end(),
                                      [&](const ReviewLine& one) { return one.answer == answer; })};
  };
  json::array decisions, open;
  for (const ReviewLine& line : review.lines) {
    decisions.push_back(decision_json(line));
    if (!line.answer || line.owes()) open.push_back(open_json(line));
  }
  const json::value nothing;
  json::array reviewers = reviewers_of(review);
  return {{"review", review.number},
          {"scope", agency_name + (review.below ? " và các cơ quan, đơn vị trực thuộc" : "")},
          {"opened", to_iso(day_of(review.opened_at))},
          // It ends with its last day.
          {"due", to_iso(day_of(review.due - std::chrono::seconds(1)))},
          {"closed", review.closed_at ? json::value(local_minute(*review.closed_at)) : nothing},
          {"lines", static_cast<std::int64_t>(review.lines.size())},
          {"kept", count(Answer::keep)},
          {"changed", count(Answer::change)},
          {"removed", count(Answer::remove)},
          {"unanswered", static_cast<std::int64_t>(review.unanswered())},
          {"reviewers", reviewers.empty() ? nothing : json::value(std::move(reviewers))},
          {"decisions", std::move(decisions)},
          {"open", open.empty() ? nothing : json::value(std::move(open))}};
}

}  // namespace luy::people
