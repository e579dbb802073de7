#include "hub/accept_loss.h"

#include "base/file.h"
#include "base/utf8.h"
#include "duty/engine.h"
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
Result<void> retire_signer(const DataFolder& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder.signer(), error)) return {};
  std::filesystem::path target;
  for (int number = 1; target.empty() || std::filesystem::exists(target, error); ++number) {
    target = folder.signer().string() + ".lost-" + std::to_string(number);
  }
  std::filesystem::rename(folder.signer(), target, error);
  if (error) return file_error(target.string(), error.value());
  LUY_TRY_VOID(sync_folder(folder.keys()));
  return signer::wipe_file(target / "keys");
}

// One transaction: what rested on the lost evidence goes, what was lost and why is put on record.
Result<void> forget(const DataFolder& folder, const directory::AuditEntry& entry, const Clock& clock) {
  const std::vector<records::Migration> tables = all_migrations();
  LUY_TRY(const auto database, records::open_sqlite(folder.records(), tables));
  NoSink sink;
  directory::AuditTrail trail(*database, sink, clock);
  return database->write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(inventory::forget_evidence(c));
    LUY_TRY_VOID(finding::forget_evidence(c));
    LUY_TRY_VOID(duty::forget_evidence(c));
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
    if (core) return Error(nothing_lost);
    // Damage that no backup mends is a loss, too.
    const bool loss = core.error().is(evidence::rolled_back) || core.error().is(evidence::store_corrupt);
    if (!loss) return core.error();
    entry.before["found"] = core.error().detail();
  }
  AcceptedLoss out;
  {
    LUY_TRY(const DataFolder folder, DataFolder::open(data));
    LUY_TRY(const std::string before, folder.origin(random));
    const std::string after = next_origin(before);
    LUY_TRY(out.moved_to, move_aside(folder));
    LUY_TRY_VOID(retire_signer(folder));
    LUY_TRY_VOID(write_file_durably(folder.keys() / "origin", after + "\n", 0644));
    entry.act = "evidence_loss_accepted";
    entry.object = "evidence";
    entry.before["origin"] = before;
    entry.after["origin"] = after;
    entry.after["reason"] = reason;
    entry.after["moved_to"] = out.moved_to.filename().string();
    LUY_TRY_VOID(forget(folder, entry, clock));
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
