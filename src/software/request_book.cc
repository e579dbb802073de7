#include "software/request_book.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "base/log.h"
#include "base/utf8.h"

namespace luy::software {
namespace {

namespace json = boost::json;
using State = SoftwareRequest::State;

constexpr std::array<std::string_view, 4> state_names = {"waiting", "approved", "refused", "withdrawn"};

constexpr std::array<records::Migration, 1> tables = {{{"software", 1, R"sql(
CREATE TABLE software_request (           -- What staff ask to have installed.
  id TEXT PRIMARY KEY,
  agency TEXT NOT NULL,
  account TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  product TEXT NOT NULL,
  versions TEXT NOT NULL,
  why TEXT NOT NULL,
  device TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  state TEXT NOT NULL,                    -- waiting, approved, refused, withdrawn
  decided_by TEXT NOT NULL,
  decided_at BIGINT,
  reason TEXT NOT NULL,
  approvals TEXT NOT NULL                 -- Ids, a line each.
);
CREATE TABLE software_told (              -- What a finding told of and that is so since.
  device TEXT NOT NULL,
  kind TEXT NOT NULL,                     -- unapproved, remote_control, pirated, gate
  names TEXT NOT NULL,                    -- A line each.
  PRIMARY KEY (device, kind)
);
)sql"}}};

template <class Each>
void each_line(std::string_view text, Each&& each) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    each(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

bool is_plain(std::string_view text, std::size_t least = 1) {
  return text.size() >= least && text.size() <= request_text_bytes_max && is_utf8(text) &&
         text.find('\0') == std::string_view::npos &&
         (least == 0 || text.find_first_not_of(" \t\r\n") != std::string_view::npos);
}

directory::AuditEntry entry_for(const char* act, const RequestId& id) {
  directory::AuditEntry entry;
  entry.act = act;
  entry.object = "software_request:" + id.text();
  return entry;
}

SoftwareRequest request_from(const records::Row& row) {
  SoftwareRequest out;
  out.id = RequestId::trusted(row.text(0));
  out.agency = AgencyId::trusted(row.text(1));
  out.account = AccountId::trusted(row.text(2));
  out.asked_by = row.text(3);
  out.product = row.text(4);
  out.versions = row.text(5);
  out.why = row.text(6);
  out.device = row.text(7);
  out.asked_at = from_millis(row.integer(8));
  out.state = request_state_from_name(row.text(9)).value_or(State::waiting);
  out.decided_by = row.text(10);
  if (const auto at = row.maybe_integer(11)) out.decided_at = from_millis(*at);
  out.reason = row.text(12);
  each_line(row.text(13), [&](std::string_view id) { out.approvals.push_back(ApprovalId::trusted(id)); });
  return out;
}

}  // namespace

std::string_view name_of(State state) {
  return state_names.at(static_cast<std::size_t>(state));
}

std::optional<State> request_state_from_name(std::string_view name) {
  const auto* const found = std::find(state_names.begin(), state_names.end(), name);
  if (found == state_names.end()) return std::nullopt;
  return static_cast<State>(found - state_names.begin());
}

std::span<const records::Migration> migrations() {
  return tables;
}

Result<std::unique_ptr<RequestBook>> RequestBook::open(Dependencies dependencies) {
  std::unique_ptr<RequestBook> book(new RequestBook(dependencies));
  LUY_TRY_VOID(book->load());
  return book;
}

Result<void> RequestBook::load() {
  return d_.database.read([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.query("SELECT id, agency, account, asked_by, product, versions, why, device, asked_at, state, decided_by, "
                "decided_at, reason, approvals FROM software_request",
                {}, [&](const records::Row& row) {
                  SoftwareRequest one = request_from(row);
                  const RequestId id = one.id;
                  requests_.emplace(id, std::move(one));
                }));
    return c.query("SELECT device, kind, names FROM software_told", {}, [&](const records::Row& row) {
      auto& names = told_[{DeviceId::trusted(row.text(0)), std::string(row.text(1))}];
      each_line(row.text(2), [&](std::string_view name) { names.emplace(name); });
    });
  });
}

void RequestBook::keep(const SoftwareRequest& request) {
  const std::unique_lock lock(mutex_);
  requests_.insert_or_assign(request.id, request);
}

Result<SoftwareRequest> RequestBook::ask(const directory::Caller& caller, SoftwareRequest wanted) {
  wanted.asked_at = from_millis(to_millis(d_.clock.now()));
  wanted.id = RequestId::make(wanted.asked_at, d_.random);
  wanted.state = State::waiting;
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<SoftwareRequest> {
    for (const auto& [field, text] : {std::pair<const char*, const std::string*>{"product", &wanted.product},
                                      {"why", &wanted.why},
                                      {"device", &wanted.device}}) {
      if (!is_plain(*text)) return Error(request_invalid, field);
    }
    if (!is_plain(wanted.versions, 0)) return Error(request_invalid, "versions");
    std::int64_t open = 0;
    LUY_TRY_VOID(c.query("SELECT COUNT(*) FROM software_request WHERE account = $1 AND state = 'waiting'",
                         {wanted.account.text()}, [&](const records::Row& row) { open = row.integer(0); }));
    if (open >= static_cast<std::int64_t>(requests_open_per_person_max)) return Error(requests_too_many);
    LUY_TRY_VOID(
        c.run("INSERT INTO software_request (id, agency, account, asked_by, product, versions, why, device, asked_at, "
              "state, decided_by, decided_at, reason, approvals) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', '', NULL, '', '')",
              {wanted.id.text(), wanted.agency.text(), wanted.account.text(), wanted.asked_by, wanted.product,
               wanted.versions, wanted.why, wanted.device, to_millis(wanted.asked_at)}));
    noted.after = {{"agency", wanted.agency.text()},
                   {"product", wanted.product},
                   {"versions", wanted.versions},
                   {"why", wanted.why},
                   {"device", wanted.device}};
    return wanted;
  };
  LUY_TRY(const SoftwareRequest done, d_.audit.perform(caller, entry_for("software_request", wanted.id), work));
  keep(done);
  return done;
}

Result<SoftwareRequest> RequestBook::waiting(const RequestId& id) const {
  const auto known = find(id);
  if (!known) return Error(request_unknown, id.text());
  if (known->state != State::waiting) return Error(request_over);
  return *known;
}

Result<void> RequestBook::store_decision(records::Connection& c, const SoftwareRequest& request) const {
  std::string approvals;
  for (const ApprovalId& id : request.approvals) approvals += std::string(id.text()) + '\n';
  const std::int64_t at = to_millis(request.decided_at.value_or(request.asked_at));
  // Somebody may have decided since it was looked at.
  LUY_TRY(const std::int64_t rows,
          c.run("UPDATE software_request SET state = $1, decided_by = $2, decided_at = $3, reason = $4, approvals = $5 "
                "WHERE id = $6 AND state = 'waiting'",
                {name_of(request.state), request.decided_by, at, request.reason, approvals, request.id.text()}));
  if (rows == 0) return Error(request_over);
  return {};
}

Result<void> RequestBook::withdraw(const directory::Caller& caller, const RequestId& id, const AccountId& account) {
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<SoftwareRequest> {
    const auto known = find(id);
    if (!known || known->account != account) return Error(request_unknown, id.text());
    LUY_TRY(SoftwareRequest request, waiting(id));
    request.state = State::withdrawn;
    request.decided_at = from_millis(to_millis(d_.clock.now()));
    LUY_TRY_VOID(store_decision(c, request));
    noted.after = {{"agency", request.agency.text()}, {"product", request.product}};
    return request;
  };
  LUY_TRY(const SoftwareRequest done, d_.audit.perform(caller, entry_for("software_request_withdrawn", id), work));
  keep(done);
  return {};
}

Result<SoftwareRequest> RequestBook::refuse(const directory::Caller& caller, const RequestId& id, const std::string& by,
                                            const std::string& reason) {
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<SoftwareRequest> {
    if (!is_plain(reason)) return Error(request_invalid, "reason");
    LUY_TRY(SoftwareRequest request, waiting(id));
    request.state = State::refused;
    request.decided_by = by;
    request.decided_at = from_millis(to_millis(d_.clock.now()));
    request.reason = reason;
    LUY_TRY_VOID(store_decision(c, request));
    noted.after = {{"agency", request.agency.text()}, {"product", request.product}, {"reason", reason}};
    return request;
  };
  LUY_TRY(const SoftwareRequest done, d_.audit.perform(caller, entry_for("software_request_refused", id), work));
  keep(done);
  return done;
}

Result<SoftwareRequest> RequestBook::approve(const directory::Caller& caller, inventory::Inventory& inventory,
                                             const RequestId& id, const inventory::NewApproval& approval) {
  LUY_TRY(SoftwareRequest request, waiting(id));
  request.state = State::approved;
  request.decided_by = approval.approved_by;
  request.decided_at = from_millis(to_millis(d_.clock.now()));
  request.reason = approval.note;
  const auto also = [&](records::Connection& c, const std::vector<inventory::Approval>& added) -> Result<void> {
    request.approvals.clear();
    json::array products;
    for (const inventory::Approval& one : added) {
      request.approvals.push_back(one.id);
      products.push_back(json::object{{"product", one.product}, {"versions", one.versions}});
    }
    LUY_TRY_VOID(store_decision(c, request));
    directory::AuditEntry entry = entry_for("software_request_approved", id);
    entry.after = {{"agency", request.agency.text()},
                   {"asked_for", request.product},
                   {"asked_by", request.asked_by},
                   {"products", std::move(products)},
                   {"note", approval.note}};
    if (!added.empty()) entry.after["proof_of"] = inventory::approval_act(request.agency, added.front().approved_at);
    return d_.audit.note(c, caller, entry);
  };
  LUY_TRY_VOID(inventory.approve(approval, also));
  keep(request);
  if (const auto delivered = d_.audit.deliver(); !delivered) {
    log(LogLevel::warning, "software", "the audit trail waits: " + delivered.error().text());
  }
  return request;
}

std::optional<SoftwareRequest> RequestBook::find(const RequestId& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = requests_.find(id);
  if (found == requests_.end()) return std::nullopt;
  return found->second;
}

std::vector<SoftwareRequest> RequestBook::all() const {
  std::vector<SoftwareRequest> out;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, request] : requests_) out.push_back(request);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.asked_at > b.asked_at; });
  return out;
}

std::set<std::string> RequestBook::told(const DeviceId& device, std::string_view kind) const {
  const std::shared_lock lock(mutex_);
  const auto found = told_.find({device, std::string(kind)});
  return found == told_.end() ? std::set<std::string>() : found->second;
}

Result<void> RequestBook::set_told(const DeviceId& device, std::string_view kind, const std::set<std::string>& names) {
  std::string lines;
  for (const std::string& name : names) lines += name + '\n';
  const auto stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("INSERT INTO software_told (device, kind, names) VALUES ($1, $2, $3) "
              "ON CONFLICT (device, kind) DO UPDATE SET names = excluded.names",
              {device.text(), kind, std::string_view(lines)}));
    return {};
  });
  if (!stored) return stored.error();
  const std::unique_lock lock(mutex_);
  told_.insert_or_assign({device, std::string(kind)}, names);
  return {};
}

}  // namespace luy::software
