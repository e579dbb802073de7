#include "hub/witness_desk.h"

#include "base/encoding.h"
#include "base/log.h"
#include "evidence/certificate.h"
#include "evidence/note_lines.h"
#include "evidence/witness_file.h"
#include "hub/witness_api.h"

namespace luy::hub {
namespace {

constexpr std::string_view size_type = "text/x.tlog.size";
constexpr const char* cosigned_header = "Luy-Cosigned";
constexpr int http_ok = 200;
constexpr int http_no_content = 204;
constexpr int http_forbidden = 403;
constexpr int http_not_found_status = 404;
constexpr int http_conflict = 409;
constexpr int http_unprocessable = 422;

void complain(const Error& error) {
  log(LogLevel::error, "hub", "witnesses: " + error.text());
}
void complain(const Result<void>& done) {
  if (!done) complain(done.error());
}

// A decimal number and a LF.
std::optional<std::uint64_t> size_of(const SendLink::Answer& answer) {
  if (answer.status != http_conflict || !answer.content_type.starts_with(size_type)) return std::nullopt;
  std::string_view text = answer.body;
  const auto line = evidence::take_note_line(text);
  return line && text.empty() ? evidence::parse_note_number(*line) : std::nullopt;
}

Error refused(const SendLink::Answer& answer) {
  const std::string status = "HTTP " + std::to_string(answer.status);
  if (answer.status == http_not_found_status) {
    return Error(witness_refused, "chưa đăng ký kho chứng cứ này ở nhân chứng (" + status + ")",
                 "this evidence is not registered there (" + status + ")");
  }
  if (answer.status == http_forbidden) {
    return Error(witness_refused, "khóa đăng ký ở nhân chứng là khóa khác (" + status + ")",
                 "another key is registered there (" + status + ")");
  }
  return Error(witness_refused, status);
}

}  // namespace

WitnessDesk::WitnessDesk(Dependencies dependencies)
    : d_(std::move(dependencies)), link_(d_.folder), started_(d_.clock.now()) {}

WitnessDesk::~WitnessDesk() {
  stop();
}

Result<std::unique_ptr<WitnessDesk>> WitnessDesk::open(Dependencies dependencies) {
  std::unique_ptr<WitnessDesk> desk(new WitnessDesk(std::move(dependencies)));
  LUY_TRY(desk->book_, WitnessBook::open({desk->d_.database, desk->d_.clock, desk->d_.random}));
  LUY_TRY(desk->stamps_, EvidenceStamps::open({desk->d_.database, desk->d_.clock, desk->d_.random, desk->d_.store}));
  return desk;
}

std::vector<api::Route> WitnessDesk::routes() {
  return WitnessRoutes::of(*this);
}

void WitnessDesk::start() {
  thread_ = std::thread([this] { run(); });
}

void WitnessDesk::stop() {
  link_.stop();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void WitnessDesk::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

void WitnessDesk::run() {
  for (;;) {
    round();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, witness_interval, [this] { return stopping_ || woken_; });
    if (stopping_) return;
    woken_ = false;
  }
}

void WitnessDesk::round() {
  const auto newest = d_.store.last_checkpoint();
  for (const Witness& one : book_->witnesses()) {
    if (!newest || link_.stopping()) break;
    const auto done = ask(one, *newest);
    if (!done && done.error().is(send_stopped)) break;
    const std::lock_guard lock(mutex_);
    Asked& asked = asked_[one.id];
    const bool news = !done && (!asked.problem || asked.problem->text() != done.error().text());
    if (news) log(LogLevel::warning, "hub", "witness " + one.key.name + ": " + done.error().text());
    asked = {d_.clock.now(), done ? std::nullopt : std::optional(done.error())};
  }
  if (link_.stopping()) return;
  stamps_->round();
  tell_of_missing();
  tell_of_silent();
}

Result<SendLink::Answer> WitnessDesk::post(const Witness& witness, const std::string& path,
                                           const std::string& body) const {
  LUY_TRY(const notice::WebhookHost host, witness_host(witness.url, witness.networks));
  SendLink::Call call{witness.url + path, witness.ca_file, {}, body, "text/plain; charset=utf-8"};
  auto answer = link_.ask(host, call, cosigned_header);
  if (!answer && !answer.error().is(send_stopped)) return Error(witness_unreachable, answer.error().detail());
  return answer;
}

Result<void> WitnessDesk::send_certificates(const Witness& witness, const evidence::Checkpoint& newest) const {
  const std::string body = d_.signer.vkey() + "\n" + evidence::join_certificates(newest.certificates);
  LUY_TRY(const SendLink::Answer answer, post(witness, "/add-certificates", body));
  return answer.status == http_no_content ? Result<void>() : Result<void>(refused(answer));
}

// Once for each thing that the witness may have to be told first: what it saw last, and the key of the day.
Result<void> WitnessDesk::ask(const Witness& witness, const evidence::Checkpoint& newest) {
  const std::string origin = d_.signer.origin();
  std::uint64_t old_size = witness.origin == origin && witness.size <= newest.size ? witness.size : 0;
  bool told_size = false;
  bool told_keys = false;
  for (;;) {
    evidence::Submission submission{old_size, {}, newest.note};
    if (old_size > 0 && old_size < newest.size) {
      LUY_TRY(submission.path, d_.store.prove_consistency(old_size, newest.size));
    }
    LUY_TRY(const SendLink::Answer answer, post(witness, "/add-checkpoint", evidence::format_submission(submission)));
    if (answer.status == http_ok) return take(witness, newest, answer.body);
    if (answer.status == http_forbidden && !told_keys && !newest.certificates.empty()) {
      told_keys = true;
      LUY_TRY_VOID(send_certificates(witness, newest));
      continue;
    }
    if (answer.status == http_unprocessable) return expose(witness, newest, "unproven", answer);
    const auto size = size_of(answer);
    if (!size) return refused(answer);
    if (*size > newest.size) return expose(witness, newest, "rolled_back", answer);
    if (*size == old_size) return expose(witness, newest, "forked", answer);
    // It goes on growing while we ask only where somebody else asks in our name.
    if (told_size) return refused(answer);
    told_size = true;
    old_size = *size;
    LUY_TRY_VOID(book_->note_seen(witness.id, origin, old_size));
  }
}

Result<void> WitnessDesk::take(const Witness& witness, const evidence::Checkpoint& newest, const std::string& lines) {
  if (lines.size() > evidence::cosignature_bytes_max) return Error(witness_refused, "cosignature");
  auto note = evidence::add_cosignature(newest.note, lines, witness.key);
  if (!note) return Error(witness_refused, note.error().detail());
  LUY_TRY(const auto found, evidence::verify_cosignatures(*note, {witness.key}));
  const Time at{std::chrono::seconds(found.front().seconds)};
  LUY_TRY_VOID(evidence::keep_cosigned(*d_.store.archive(), newest.size, *note));
  return book_->note_cosigned(witness.id, d_.signer.origin(), newest.size, *note, at);
}

// What it cosigned contradicts what we have: it sends that note along, or we remember it.
Result<void> WitnessDesk::expose(const Witness& witness, const evidence::Checkpoint& newest, const std::string& kind,
                                 const SendLink::Answer& answer) {
  const auto sent = from_base64(answer.header);
  std::string cosigned = witness.origin == d_.signer.origin() ? witness.note : std::string();
  if (sent) {
    const auto body = evidence::parse_body(*sent);
    const auto by = evidence::verify_cosignatures(*sent, {witness.key});
    if (body && body->origin == d_.signer.origin() && by && !by->empty()) cosigned = *sent;
  }
  WitnessProof proof;
  proof.ours = true;
  proof.kind = kind;
  proof.origin = d_.signer.origin();
  proof.witness = witness.key.name;
  proof.cosigned = cosigned;
  proof.submitted = newest.note;
  LUY_TRY_VOID(book_->add_proof(std::move(proof)));
  std::string sizes = std::to_string(newest.size);
  if (const auto size = size_of(answer)) sizes += " / " + std::to_string(*size);
  report(
      "witness_exposed|" + witness.id.text(), finding::Severity::critical,
      {"Nhân chứng " + witness.name + " đã xác nhận một lịch sử khác của kho nhật ký",
       "The witness " + witness.name + " cosigned another history of the logs"},
      {"Kho chứng cứ của máy chủ này không nối tiếp những gì nhân chứng đã xác nhận (" + sizes +
           "): đã bị đưa về trạng thái cũ, hoặc bị sửa. Hai điểm kiểm tra trái nhau được giữ làm bằng chứng. Giữ "
           "nguyên máy chủ, khôi phục bản sao lưu mới nhất; nếu không còn, dùng 'luy-hub accept-loss'.",
       "The evidence of this hub does not continue what the witness cosigned (" + sizes +
           "): it was put back to an earlier state, or altered. Both checkpoints are kept as proof. Leave the server "
           "as it is and restore the newest backup; where there is none, use 'luy-hub accept-loss'."});
  return Error(witness_exposed, kind + ", " + sizes);
}

bool WitnessDesk::is_missing(const Witness& witness, Time now) const {
  const Time since = std::max(witness.added_at, started_);
  return now - std::max(since, witness.cosigned_at.value_or(since)) >= witness_missing_after;
}

bool WitnessDesk::is_silent(const WitnessedOrigin& origin, Time now) const {
  return origin.seen_at && now - std::max(*origin.seen_at, started_) >= witness_silent_after;
}

void WitnessDesk::tell_of_missing() {
  const Time now = d_.clock.now();
  for (const Witness& one : book_->witnesses()) {
    if (!is_missing(one, now)) continue;
    std::optional<Error> problem;
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = asked_.find(one.id); found != asked_.end()) problem = found->second.problem;
    }
    // Being exposed is told of by itself.
    if (problem && problem->is(witness_exposed)) continue;
    report(
        "witness_missing|" + one.id.text(), finding::Severity::high,
        {"Nhân chứng " + one.name + " không ký xác nhận nhật ký nữa",
         "The witness " + one.name + " no longer cosigns the logs"},
        {"Đã quá ba phút không có chữ ký xác nhận. Từ lúc đó không ai ngoài máy chủ này làm chứng được cho nhật ký. " +
             (problem ? problem->vi() : std::string("Chưa có điểm kiểm tra nào để hỏi.")),
         "There was no cosignature for more than three minutes. Since then nobody outside this server vouches for "
         "the logs. " +
             (problem ? problem->en() : std::string("There is no checkpoint yet to ask with."))});
  }
}

void WitnessDesk::tell_of_silent() {
  const Time now = d_.clock.now();
  for (const WitnessedOrigin& one : book_->origins()) {
    if (!is_silent(one, now)) continue;
    report(
        "witness_silent|" + one.id.text(), finding::Severity::medium,
        {"Kho nhật ký " + one.name + " không còn xin xác nhận", "The logs of " + one.name + " ask no more"},
        {"Máy chủ đó không gửi điểm kiểm tra quá 15 phút. Hãy hỏi bên đó: máy chủ dừng, mất mạng, hay có người đã tắt "
         "việc xin xác nhận?",
         "That hub has sent no checkpoint for more than 15 minutes. Ask there: is it stopped or cut off, or did "
         "somebody switch this off?"});
  }
}

void WitnessDesk::report(const std::string& key, finding::Severity severity, finding::Text title, finding::Text story) {
  const directory::Object top = d_.agencies.hub_object();
  if (top.agencies.empty()) return;
  {
    const Time now = d_.clock.now();
    const std::lock_guard lock(mutex_);
    const auto before = told_.find(key);
    // Of a clock that was set back, too.
    if (before != told_.end() && now >= before->second && now - before->second < witness_tell_again) return;
    told_[key] = now;
  }
  finding::Report out;
  out.kind = finding::Kind::evidence;
  out.group_key = key;
  out.severity = severity;
  out.title = std::move(title);
  out.story = std::move(story);
  out.agency = top.agencies.front();
  out.further = 1;
  out.first = out.last = d_.clock.now();
  complain(d_.report(out));
}

bool WitnessDesk::is_too_often(const std::string& address) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(d_.clock.now());
  const std::lock_guard lock(mutex_);
  if (minute != counted_minute_) counted_.clear();
  counted_minute_ = minute;
  if (counted_.size() >= witness_addresses_max && !counted_.contains(address)) return true;
  return ++counted_[address] > witness_asks_per_minute;
}

Result<api::Response> WitnessDesk::cosign(std::string_view text, const std::string& address) {
  if (is_too_often(address)) return Error(witness_busy);
  LUY_TRY(const evidence::Submission submission, evidence::parse_submission(text));
  LUY_TRY(const evidence::CheckpointBody body, evidence::parse_body(submission.note));
  const auto origin = book_->origin(body.origin);
  if (!origin) return Error(witness_origin_unknown, body.origin);
  LUY_TRY(const signer::Cosigned answer, d_.signer.cosign({origin->key.vkey(), origin->certificates, submission}));
  using Outcome = signer::Cosigned::Outcome;
  switch (answer.outcome) {
    case Outcome::signed_:
      complain(book_->note_origin(origin->id, answer.size));
      return api::Response{http_ok, "text/plain; charset=utf-8", answer.line, {}};
    case Outcome::unverified:
      return Error(witness_unverified);
    case Outcome::conflict:
      break;
    case Outcome::inconsistent:
      note_exposed(*origin, answer, submission);
      api::Response out = api::error_response(Error(witness_unproven));
      out.status = http_unprocessable;
      return out;
  }
  note_exposed(*origin, answer, submission);
  api::Response out{http_conflict, std::string(size_type), std::to_string(answer.size) + "\n", {}};
  if (!answer.newest.empty()) out.headers.emplace_back(cosigned_header, to_base64(answer.newest));
  return out;
}

void WitnessDesk::note_exposed(const WitnessedOrigin& origin, const signer::Cosigned& answer,
                               const evidence::Submission& submission) {
  const auto before = evidence::parse_body(answer.newest);
  const auto after = evidence::parse_body(submission.note);
  if (!before || !after) return;
  const char* kind = "unproven";
  if (answer.outcome == signer::Cosigned::Outcome::conflict) {
    if (after->size > before->size || (after->size == before->size && after->root == before->root)) return;
    kind = after->size < before->size ? "rolled_back" : "forked";
  }
  WitnessProof proof;
  proof.kind = kind;
  proof.origin = before->origin;
  if (const auto key = evidence::WitnessKey::parse(answer.vkey)) proof.witness = key->name;
  proof.cosigned = answer.newest;
  proof.submitted = submission.note;
  const auto added = book_->add_proof(std::move(proof));
  if (!added) complain(added.error());
  if (!added || !*added) return;
  const std::string sizes = std::to_string(before->size) + ", " + std::to_string(after->size);
  report(
      "witness_origin_exposed|" + origin.id.text(), finding::Severity::critical,
      {"Kho nhật ký " + origin.name + " đưa ra một lịch sử khác",
       "The logs of " + origin.name + " show another history"},
      {"Điểm kiểm tra mới có chữ ký đúng nhưng không nối tiếp điểm đã xác nhận (" + sizes +
           "): kho đã bị đưa về trạng thái cũ hoặc bị sửa, hoặc có người gửi lại một điểm cũ. Cả hai điểm được giữ làm "
           "bằng chứng. Hãy báo bên đó qua một kênh khác.",
       "A checkpoint that is rightly signed does not continue the one cosigned before (" + sizes +
           "): the evidence was put back or altered, or somebody sent an old checkpoint again. Both are kept as "
           "proof. Tell them by another way."});
}

}  // namespace luy::hub
