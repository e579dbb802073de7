#include "people/review_book.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "people/store/number.h"
#include "people/store/review_store.h"
#include "people/text.h"

namespace luy::people {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> answer_names = {"keep", "change", "remove"};

json::object summary_of(const Review& review) {
  return {{"agency", review.agency.text()}, {"number", review.number},      {"below", review.below},
          {"due", to_rfc3339(review.due)},  {"lines", review.lines.size()}, {"unanswered", review.unanswered()},
          {"undone", review.undone()}};
}

Result<Review> load(records::Connection& c, const ReviewId& id) {
  LUY_TRY(std::vector<Review> found, store::reviews(c, "WHERE r.id = $1", {std::string_view(id.text())}));
  if (found.empty()) return Error(review_unknown);
  return std::move(found.front());
}

Error invalid(const char* vi, const char* en) {
  return Error(review_invalid, vi, en);
}

bool same_rights(const ReviewSubject& a, const ReviewSubject& b) {
  return std::equal(a.rights.begin(), a.rights.end(), b.rights.begin(), b.rights.end(),
                    [](const Right& x, const Right& y) { return x.key == y.key; });
}

// Whether what the answer asked for has happened. `now`: the subject as it stands, null when it is gone.
bool has_happened(const ReviewLine& line, const ReviewSubject* now) {
  if (now == nullptr) return true;
  return *line.answer == Answer::remove ? now->rights.empty() : !same_rights(line.subject, *now);
}

}  // namespace

std::string_view name_of(Answer answer) {
  return answer_names.at(static_cast<std::size_t>(answer));
}

std::optional<Answer> answer_from_name(std::string_view name) {
  const auto found = std::find(answer_names.begin(), answer_names.end(), name);
  if (found == answer_names.end()) return std::nullopt;
  return static_cast<Answer>(found - answer_names.begin());
}

std::size_t Review::unanswered() const {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [](const ReviewLine& one) { return !one.answer; }));
}

std::size_t Review::undone() const {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [](const ReviewLine& one) { return one.owes(); }));
}

Result<std::unique_ptr<ReviewBook>> ReviewBook::open(Dependencies dependencies) {
  std::unique_ptr<ReviewBook> book(new ReviewBook(std::move(dependencies)));
  const Time now = book->d_.clock.now();
  const auto loaded = book->d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("INSERT INTO people_setting (name, value) VALUES ('reviews_since', $1) ON CONFLICT DO NOTHING",
                       {to_micros(now)}));
    return c.query("SELECT value FROM people_setting WHERE name = 'reviews_since'", {},
                   [&](const records::Row& row) { book->since_ = from_micros(row.integer(0)); });
  });
  if (!loaded) return loaded.error();
  return book;
}

Result<Review> ReviewBook::begin(const directory::Caller& caller, const Who& who, const Permit& permit,
                                 const AgencyId& agency, bool below, Day due) {
  const Time now = d_.clock.now();
  const Day today = day_of(now);
  // What stands today is looked at before the transaction; the lines say what they saw.
  std::vector<ReviewSubject> subjects = d_.subjects(agency, below);
  directory::AuditEntry entry;
  entry.act = "review_open";
  entry.object = "agency:" + agency.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Review> {
    LUY_TRY_VOID(permit(agency));
    if (due < today || due > today + review_days_max) return invalid("ngày hết hạn", "the last day");
    if (subjects.empty()) return invalid("chưa có quyền nào để rà soát", "nobody has rights there");
    if (subjects.size() > review_lines_max) return invalid("quá nhiều dòng", "too many lines");
    LUY_TRY(const std::vector<Review> open,
            store::reviews(c, "WHERE r.agency = $1 AND r.closed_at_us IS NULL", {std::string_view(agency.text())}));
    if (!open.empty()) return Error(review_exists, open.front().number);
    Review out;
    out.id = ReviewId::make(now, d_.random);
    LUY_TRY(out.number, store::next_number(c, "RS", today));
    out.agency = agency;
    out.below = below;
    out.opened_at = now;
    out.due = day_begin(due + days(1));
    out.by = {who.person ? who.person->text() : std::string(), who.name};
    LUY_TRY_VOID(store::save(c, out));
    for (ReviewSubject& subject : subjects) {
      ReviewLine line;
      line.id = ReviewLineId::make(now, d_.random);
      line.subject = std::move(subject);
      LUY_TRY_VOID(store::save(c, out.id, line));
      out.lines.push_back(std::move(line));
    }
    // Ids of one moment have no order of their own; readers sort by them.
    std::sort(out.lines.begin(), out.lines.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    noted.after = summary_of(out);
    noted.after["proof_of"] = out.id.text();
    return out;
  };
  auto made = d_.audit.perform(caller, std::move(entry), work);
  if (made && d_.changed) d_.changed(*made);
  return made;
}

std::optional<Text> ReviewBook::why_not(const Who& who, const ReviewLine& line) {
  const bool is_holder = who.person && line.subject.holder == who.person;
  const bool is_account = who.account && line.subject.id == who.account->text();
  if (!is_holder && !is_account) return std::nullopt;
  return Text{"Đây là quyền của chính bạn; người khác phải rà soát.",
              "These are your own rights; somebody else reviews them."};
}

Result<Review> ReviewBook::answer(const directory::Caller& caller, const Who& who, const Permit& permit,
                                  const ReviewId& id, const std::vector<LineAnswer>& answers) {
  directory::AuditEntry entry;
  entry.act = "review_answer";
  entry.object = "review:" + id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Review> {
    LUY_TRY(Review review, load(c, id));
    LUY_TRY_VOID(permit(review.agency));
    if (review.closed_at) return Error(review_over, review.number);
    json::array told;
    for (const LineAnswer& wanted : answers) {
      const auto line = std::find_if(review.lines.begin(), review.lines.end(),
                                     [&](const ReviewLine& one) { return one.id == wanted.line; });
      if (line == review.lines.end()) return invalid("không có dòng này", "there is no such line");
      if (why_not(who, *line)) return Error(own_line, line->subject.title);
      if (line->answer && *line->answer != Answer::keep && line->done_at) {
        return invalid("việc đã thực hiện xong", "what it asked for has happened");
      }
      LUY_TRY(line->reason, optional_text("reason", wanted.reason, reason_bytes_max));
      if (wanted.answer != Answer::keep && line->reason.empty()) return invalid("chưa có lý do", "it gives no reason");
      line->answer = wanted.answer;
      line->by = {who.person ? who.person->text() : std::string(), who.name};
      line->at = d_.clock.now();
      line->done_at = wanted.answer == Answer::keep ? line->at : std::nullopt;
      LUY_TRY_VOID(store::save(c, id, *line));
      told.push_back(json::object{{"subject", std::string(name_of(line->subject.kind)) + ":" + line->subject.id},
                                  {"title", line->subject.title},
                                  {"answer", name_of(wanted.answer)},
                                  {"reason", line->reason}});
    }
    noted.after = summary_of(review);
    noted.after["answers"] = std::move(told);
    return review;
  };
  auto made = d_.audit.perform(caller, std::move(entry), work);
  if (made && d_.changed) d_.changed(*made);
  return made;
}

Result<Review> ReviewBook::close(const directory::Caller& caller, const Permit& permit, const ReviewId& id) {
  directory::AuditEntry entry;
  entry.act = "review_close";
  entry.object = "review:" + id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Review> {
    LUY_TRY(Review review, load(c, id));
    LUY_TRY_VOID(permit(review.agency));
    if (review.closed_at) return Error(review_over, review.number);
    const std::string left = std::to_string(review.unanswered()), owed = std::to_string(review.undone());
    if (left != "0") return Error(people::review_open, left + " dòng chưa rà soát", left + " lines have no answer");
    if (owed != "0") {
      return Error(people::review_open, owed + " dòng chưa thực hiện", owed + " lines are not carried out");
    }
    review.closed_at = d_.clock.now();
    review.close_act = ReviewId::make(d_.clock.now(), d_.random).text();
    LUY_TRY_VOID(store::save(c, review));
    noted.after = summary_of(review);
    noted.after["proof_of"] = review.close_act;
    return review;
  };
  auto made = d_.audit.perform(caller, std::move(entry), work);
  if (made && d_.changed) d_.changed(*made);
  return made;
}

Result<void> ReviewBook::settle_lines(const Review& review) {
  if (review.undone() == 0) return {};
  const std::vector<ReviewSubject> now = d_.subjects(review.agency, review.below);
  std::map<std::pair<SubjectKind, std::string_view>, const ReviewSubject*> by_id;
  for (const ReviewSubject& one : now) by_id[{one.kind, one.id}] = &one;
  std::vector<ReviewLineId> happened;
  for (const ReviewLine& line : review.lines) {
    const auto found = by_id.find({line.subject.kind, line.subject.id});
    if (line.owes() && has_happened(line, found == by_id.end() ? nullptr : found->second)) happened.push_back(line.id);
  }
  if (happened.empty()) return {};
  directory::AuditEntry entry;
  entry.act = "review_seen";
  entry.object = "review:" + review.id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Review> {
    LUY_TRY(Review fresh, load(c, review.id));
    json::array told;
    for (ReviewLine& line : fresh.lines) {
      const bool is_meant = std::find(happened.begin(), happened.end(), line.id) != happened.end();
      if (!is_meant || !line.owes()) continue;
      line.done_at = d_.clock.now();
      LUY_TRY_VOID(store::save(c, fresh.id, line));
      told.emplace_back(line.subject.title);
    }
    noted.after = summary_of(fresh);
    noted.after["happened"] = std::move(told);
    return fresh;
  };
  LUY_TRY(const Review made, d_.audit.perform(directory::server_operator(), std::move(entry), work));
  if (d_.changed) d_.changed(made);
  return {};
}

bool ReviewBook::covers(const Review& review, const AgencyId& agency) const {
  if (review.agency == agency) return true;
  if (!review.below) return false;
  const std::vector<AgencyId> above = d_.lineage(agency);
  return std::find(above.begin(), above.end(), review.agency) != above.end();
}

Time ReviewBook::next_due(const std::vector<Review>& all, const AgencyId& agency) const {
  Time last = since_;
  for (const Review& one : all) {
    if (one.closed_at && covers(one, agency)) last = std::max(last, *one.closed_at);
  }
  return last + d_.period;
}

Duration ReviewBook::ahead() const {
  return std::chrono::duration_cast<Duration>(d_.period * d_.due_share);
}

Result<void> ReviewBook::settle() {
  LUY_TRY(std::vector<Review> all, list());
  for (const Review& one : all) {
    if (!one.closed_at) LUY_TRY_VOID(settle_lines(one));
  }
  const Time now = d_.clock.now();
  const auto anybody = [](const AgencyId&) -> Result<void> { return {}; };
  for (const AgencyId& agency : d_.agencies()) {
    const auto is_open = [&](const Review& one) { return !one.closed_at && covers(one, agency); };
    if (std::any_of(all.begin(), all.end(), is_open)) continue;
    const Time due = next_due(all, agency);
    if (now < due - ahead() || d_.subjects(agency, false).empty()) continue;
    // Late already: it is due today.
    const Day last_day = std::max(day_of(due), day_of(now));
    LUY_TRY(Review made, begin(directory::server_operator(), {}, anybody, agency, false, last_day));
    all.push_back(std::move(made));
  }
  return {};
}

Result<Review> ReviewBook::find(const ReviewId& id) const {
  return d_.database.read([&](records::Connection& c) { return load(c, id); });
}

Result<std::vector<Review>> ReviewBook::list() const {
  return d_.database.read([](records::Connection& c) { return store::reviews(c, "", {}); });
}

Result<std::optional<DutyRecord>> ReviewBook::duty_record(const AgencyId& agency) const {
  LUY_TRY(const std::vector<Review> all, list());
  DutyRecord out;
  const Time now = d_.clock.now();
  for (const Review& one : all) {
    if (!covers(one, agency)) continue;
    if (!one.closed_at) {
      const std::string left = std::to_string(one.unanswered() + one.undone());
      out.wait({"Rà soát quyền " + one.number + ": còn " + left + " dòng",
                "Access review " + one.number + ": " + left + " lines left"},
               std::min(one.due, next_due(all, agency)), one.opened_at, one.id.text());
    } else if (*one.closed_at > now - d_.period) {
      out.keep(*one.closed_at, one.close_act);
    }
  }
  if (out.waiting > 0 || out.kept > 0) return std::optional(std::move(out));
  if (d_.subjects(agency, false).empty()) return std::optional<DutyRecord>();
  const Time due = next_due(all, agency);
  out.wait({"Rà soát quyền truy cập", "An access review"}, due, since_, "");
  out.due_from = due - ahead();
  return std::optional(std::move(out));
}

}  // namespace luy::people
