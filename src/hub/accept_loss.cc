#include "hub/accept_loss.h"

#include "base/file.h"
#include "base/utf8.h"
#include "duty/engine.h"
#include "evidence/day_file.h"
#include "evidence/witness_file.h"
#include "finding/book.h"
#include "hub/core.h"
#include "hub/hub.h"
#include "inventory/inventory.h"
#include "signer/key_chain.h"

namespace luy::hub {
namespace {

// Entries wait in the records until the new evidence can take them.
class NoSink final : public directory::AuditSink {
 public:
  Result<void> append(const directory::AuditRecord&) override { return {}; }
};

// "luy/0123456789abcdef" becomes "luy/0123456789abcdef/2", then "/3".
std::string next_origin(const std::string& origin) {
  const std::size_t slash = origin.rfind('/');
  const bool counted = slash != std::string::npos && origin.find('/') != slash;
  const unsigned long number = counted ? std::stoul(origin.substr(slash + 1)) : 1;
  return origin.substr(0, counted ? slash : std::string::npos) + "/" + std::to_string(number + 1);
}

Result<std::filesystem::path> move_aside(const DataFolder& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder.evidence(), error)) return std::filesystem::path();
  std::filesystem::path target;
  for (int number = 1; target.empty() || std::filesystem::exists(target, error); ++number) {
    target = folder.evidence().string() + ".lost-" + std::to_string(number);
  }
  std::filesystem::rename(folder.evidence(), target, error);
  if (error) return file_error(target.string(), error.value());
  LUY_TRY_VOID(sync_folder(folder.root()));
  return target;
}

// The signer's memory stays with what was left; its keys, which could sign another history of the lost tree, do not.
// What it cosigned for others is no part of the loss and stays where it is. The state goes first: keys without one are
// found, and this is repeated; a state without keys would be damage.
Result<void> retire_signer(const DataFolder& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder.signer(), error)) return {};
  std::filesystem::path target;
  for (int number = 1; target.empty() || std::filesystem::exists(target, error); ++number) {
    target = folder.signer().string() + ".lost-" + std::to_string(number);
  }
  LUY_TRY_VOID(make_folder(target));
  for (const char* const name : {"state", "keys"}) {
    if (!std::filesystem::exists(folder.signer() / name, error)) continue;
    std::filesystem::rename(folder.signer() / name, target / name, error);
    if (error) return file_error((target / name).string(), error.value());
    LUY_TRY_VOID(sync_folder(target));
    LUY_TRY_VOID(sync_folder(folder.signer()));
  }
  LUY_TRY_VOID(sync_folder(folder.keys()));
  return std::filesystem::exists(target / "keys", error) ? signer::wipe_file(target / "keys") : Result<void>();
}

// The checkpoint of the lost tree that vouches for most: of a larger tree rather than of a smaller.
class Newest {
 public:
  explicit Newest(std::string origin) : origin_(std::move(origin)) {}
  void look_at(const std::string& note) {
    const auto body = evidence::parse_body(note);
    if (!body || body->origin != origin_ || (size_ && body->size <= *size_)) return;
    size_ = body->size;
    note_ = note;
  }
  boost::json::value json() const { return size_ ? boost::json::value(note_) : boost::json::value(nullptr); }

 private:
  const std::string origin_;
  std::optional<std::uint64_t> size_;
  std::string note_;
};

Result<Newest> newest_cosigned(records::Connection& c, const std::string& origin, const std::filesystem::path& left) {
  Newest out(origin);
  const auto take = [&](const records::Row& row) { out.look_at(std::string(row.text(0))); };
  LUY_TRY_VOID(c.query("SELECT note FROM hub_witness", {}, take));
  LUY_TRY_VOID(c.query("SELECT cosigned FROM hub_witness_proof WHERE side = 'ours'", {}, take));
  std::error_code error;
  if (left.empty()) return out;
  for (const auto& entry : std::filesystem::directory_iterator(left, error)) {
    if (!evidence::day_of_path(entry.path())) continue;
    // Of what is damaged nothing is believed.
    const auto notes = evidence::read_cosigned(entry.path());
    if (!notes) continue;
    for (const std::string& note : *notes) out.look_at(note);
  }
  return out;
}

// The hub's own checkpoint, where nobody else cosigned.
Newest newest_signed(const DataFolder& folder, const std::string& origin) {
  Newest out(origin);
  if (const auto state = read_file(folder.signer() / "state", evidence::note_bytes_max)) out.look_at(*state);
  return out;
}

// Whether a witness has shown that the evidence is not what it was.
Result<bool> is_exposed(records::Database& database, const std::string& origin) {
  bool out = false;
  const auto read = database.read([&](records::Connection& c) {
    return c.query("SELECT 1 FROM hub_witness_proof WHERE side = 'ours' AND origin = $1", {std::string_view(origin)},
                   [&](const records::Row&) { out = true; });
  });
  if (!read) return read.error();
  return out;
}

// One transaction: what rested on the lost evidence goes, what was lost and why is put on record.
// The first record of the new tree is written down with it, so that no crash comes between.
Result<void> forget(const DataFolder& folder, const directory::AuditEntry& entry, boost::json::object epoch,
                    const Clock& clock, const std::filesystem::path& left) {
  const std::vector<records::Migration> tables = all_migrations();
  LUY_TRY(const auto database, records::open_sqlite(folder.records(), tables));
  NoSink sink;
  directory::AuditTrail trail(*database, sink, clock);
  return database->write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(inventory::forget_evidence(c));
    LUY_TRY_VOID(finding::forget_evidence(c));
    LUY_TRY_VOID(duty::forget_evidence(c));
    LUY_TRY(const Newest cosigned, newest_cosigned(c, std::string(epoch.at("before").as_string()), left));
    epoch["cosigned"] = cosigned.json();
    const std::string record = boost::json::serialize(epoch);
    LUY_TRY_VOID(
        c.run("INSERT INTO hub_setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = "
              "excluded.value",
              {epoch_setting, std::string_view(record)}));
    LUY_TRY_VOID(c.run("DELETE FROM hub_setting WHERE name = 'checkpoint'"));
    LUY_TRY_VOID(c.run("DELETE FROM hub_proof"));
    // The days themselves stay on the list of the verified: that their files are gone is found and said.
    LUY_TRY_VOID(c.run("DELETE FROM hub_day_note"));
    return trail.note(c, directory::server_operator(), entry);
  });
}

}  // namespace

Result<AcceptedLoss> accept_loss(const std::filesystem::path& data, const std::string& reason, const Clock& clock,
                                 Random& random) {
  if (reason.empty() || reason.size() > loss_reason_bytes_max || !is_utf8(reason)) return Error(reason_missing);
  std::error_code error;
  if (!std::filesystem::exists(data / "records.db", error)) return Error(not_set_up, data.string());
  Core::Options core_options;
  core_options.data = data;
  directory::AuditEntry entry;
  {
    const auto core = Core::open(core_options, clock, random);
    if (core) {
      LUY_TRY(const bool exposed, is_exposed((*core)->database(), (*core)->signer().origin()));
      if (!exposed) return Error(nothing_lost);
      entry.before["found"] = "hub.witness_exposed";
    }
    // Damage that no backup mends is a loss, too.
    const bool loss = core || core.error().is(evidence::rolled_back) || core.error().is(evidence::store_corrupt);
    if (!loss) return core.error();
    if (!core) entry.before["found"] = core.error().detail();
  }
  AcceptedLoss out;
  {
    LUY_TRY(const DataFolder folder, DataFolder::open(data));
    LUY_TRY(const std::string before, folder.origin(random));
    const std::string after = next_origin(before);
    boost::json::object epoch{{"note", "epoch"}, {"origin", after}, {"before", before}, {"reason", reason}};
    epoch["signed"] = newest_signed(folder, before).json();
    LUY_TRY(out.moved_to, move_aside(folder));
    LUY_TRY_VOID(retire_signer(folder));
    LUY_TRY_VOID(write_file_durably(folder.keys() / "origin", after + "\n", 0644));
    entry.act = "evidence_loss_accepted";
    entry.object = "evidence";
    entry.before["origin"] = before;
    entry.after["origin"] = after;
    entry.after["reason"] = reason;
    entry.after["moved_to"] = out.moved_to.filename().string();
    LUY_TRY_VOID(forget(folder, entry, std::move(epoch), clock, out.moved_to));
  }
  LUY_TRY(const std::unique_ptr<Core> core, Core::open(core_options, clock, random));
  LUY_TRY_VOID(core->directory().audit().deliver());
  out.public_key = core->signer().vkey();
  return out;
}

std::string to_text(const AcceptedLoss& loss) {
  std::string out = "Đã ghi nhận việc mất chứng cứ / the loss is on record.\n";
  if (!loss.moved_to.empty()) out += "Phần còn lại / what was left:        " + loss.moved_to.string() + "\n";
  return out + "Khóa công khai mới / new public key: " + loss.public_key + "\n";
}

}  // namespace luy::hub
