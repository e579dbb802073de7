#include "evidence/flip_rig.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/file.h"
#include "evidence/archive.h"
#include "evidence/store.h"
#include "evidence/verify.h"

namespace luy::evidence {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t day_bytes_max = std::size_t{256} << 20;

}  // namespace

FlipRig::FlipRig(std::filesystem::path folder, std::uint64_t seed) : folder_(std::move(folder)), random_(seed) {
  FakeClock clock(day_begin(*day_from_iso("2026-11-21")) + 10h);
  const auto key = folder_ / "key.pem";
  LUY_CHECK(FileNoteSigner::generate(key).has_value());
  const auto signer = *FileNoteSigner::load(key, "luy/rig");
  vkey_ = signer->vkey();
  const auto evidence = folder_ / "evidence";
  auto store = *open_store({evidence, 30}, clock, *signer);
  for (const int lines : {50, 740, 50}) {
    for (int i = 0; i < lines; ++i) {
      std::string line = "host sshd[" + std::to_string(i) + "]: ";
      // The second day's lines do not compress, so that it has blocks and takes little time.
      while (lines == 740 && line.size() < 12'500) line += std::to_string(random_.next());
      const Store::Batch batch{std::nullopt, {{"agency/device/journal", 1, line}}};
      LUY_CHECK(store->append({&batch, 1}).has_value());
    }
    LUY_CHECK(store->checkpoint().has_value());
    if (store->days()->size() < 3) clock.advance(24h);
    LUY_CHECK(store->close_days_before(day_of(clock.now())).has_value());
  }
  LUY_CHECK(store->checkpoint().has_value());
  const auto days = *store->days();
  LUY_CHECK(days.size() == 3 && days[1].closed);
  day_first_ = days[1].first_seq;
  day_end_ = days[2].first_seq;
  LUY_CHECK(
      store->replay(0, [&](const Record& record) { return records_.push_back(leaf_data(record)), true; }).has_value());
  day_ = evidence / (to_iso(days[1].day) + ".sqlite");
  store.reset();
  std::filesystem::permissions(day_, std::filesystem::perms(0600));
  bytes_ = *read_file(day_, day_bytes_max);
}

FlipRig::Finding FlipRig::run(std::uint64_t count) {
  Finding out;
  for (std::uint64_t i = 0; i < count; ++i) harm(random_.next() % (bytes_.size() * 8), out);
  return out;
}

void FlipRig::trouble(Finding& finding, std::uint64_t bit, const std::string& what) {
  if (finding.what.empty()) finding.what = "bit " + std::to_string(bit) + ": " + what;
}

void FlipRig::harm(std::uint64_t bit, Finding& finding) {
  ++finding.flips;
  const auto at = static_cast<off_t>(bit / 8);
  const char harmed = static_cast<char>(bytes_[bit / 8] ^ (1 << (bit % 8)));
  const UniqueFd fd(::open(day_.c_str(), O_WRONLY | O_CLOEXEC));
  LUY_CHECK(fd && ::pwrite(fd.get(), &harmed, 1, at) == 1);
  std::size_t faults = 0;
  std::size_t by_content = 0;
  VerifyOptions options{.keys = {*VerifierKey::parse(vkey_)}};
  options.report = [&](const evidence::Finding& found) {
    if (!found.is_fault) return;
    ++faults;
    if (!found.error.is(finding_digest_wrong)) ++by_content;
  };
  LUY_CHECK(verify_path(day_, options).has_value());
  if (faults == 0) {
    ++finding.unnoticed;
    trouble(finding, bit, "not noticed");
  }
  if (by_content == 0) ++finding.unnoticed_undigested;
  const std::uint64_t wrong = finding.wrong;
  read_all(finding);
  if (finding.wrong > wrong) trouble(finding, bit, "wrong records");
  LUY_CHECK(::pwrite(fd.get(), &bytes_[bit / 8], 1, at) == 1);
}

// What is found is as it was stored, and what is not found is told to be damaged.
void FlipRig::read_all(Finding& finding) {
  const auto archive = Archive::open(folder_ / "evidence");
  if (!archive) {
    ++finding.wrong;
    return trouble(finding, 0, archive.error().text());
  }
  std::uint64_t found = 0;
  std::uint64_t of_day = 0;
  const auto stats = (*archive)->search({.limit = records_.size() + 1}, {}, [&](const Record& record) {
    ++found;
    if (record.seq >= day_first_ && record.seq < day_end_) ++of_day;
    if (record.seq >= records_.size() || leaf_data(record) != records_[record.seq]) ++finding.wrong;
    return Visit::keep;
  });
  if (!stats || found + stats->damaged.records != records_.size()) {
    ++finding.wrong;
    return trouble(finding, 0, stats ? "records neither found nor told to be damaged" : stats.error().text());
  }
  finding.lost_records += stats->damaged.records;
  if (of_day == 0) ++finding.lost_days;
}

}  // namespace luy::evidence
