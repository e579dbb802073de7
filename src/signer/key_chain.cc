#include "signer/key_chain.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"

namespace luy::signer {
namespace {

constexpr std::string_view header = "luy-signer-keys 1";
constexpr std::size_t file_bytes_max = 1 << 20;

// One-way functions of a seed, told apart by their words.
std::string derive(std::string_view word, std::string_view seed) {
  const Hash hash = Sha256().digest({"luy signer ", word, "\n", seed});
  return std::string(as_text(hash));
}
std::string next_seed(std::string_view seed) {
  return derive("next day", seed);
}
evidence::Ed25519Key day_key(std::string_view seed) {
  return evidence::Ed25519Key::from_seed(derive("day key", seed));
}
std::string successor_seed(std::string_view seed) {
  return derive("successor", seed);
}

void wipe(std::string& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

// Overwrites the file behind a descriptor: what a name no longer leads to would stay on the disk.
Result<void> overwrite(int fd, const std::filesystem::path& file) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return file_error(file.string(), errno);
  const std::string zeros(static_cast<std::size_t>(status.st_size), '\0');
  if (::pwrite(fd, zeros.data(), zeros.size(), 0) != static_cast<ssize_t>(zeros.size()) || ::fsync(fd) != 0) {
    return file_error(file.string(), errno);
  }
  return {};
}

Result<std::string> certify(const evidence::Ed25519Key& key, const evidence::VerifierKey& verifier,
                            const evidence::Certificate& certificate) {
  const std::string body = evidence::format_certificate_body(certificate);
  LUY_TRY(const std::string signature, key.sign(body));
  return evidence::format_note(body, verifier, signature);
}

// Lines of the file, one after another; empty ones where there are no more.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  std::string_view next() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    return line;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace

KeyChain::~KeyChain() {
  wipe(seed_);
}

Result<KeyChain> KeyChain::create(const std::filesystem::path& file, std::string_view origin,
                                  std::optional<evidence::Ed25519Key> root, Random& random) {
  std::string seed(evidence::ed25519_seed_bytes, '\0');
  if (root) {
    seed = root->seed();
  } else {
    random.fill({reinterpret_cast<std::uint8_t*>(seed.data()), seed.size()});
  }
  LUY_TRY(evidence::VerifierKey verifier,
          evidence::VerifierKey::make(origin, evidence::Ed25519Key::from_seed(seed).public_key()));
  KeyChain out(file, std::move(verifier));
  out.seed_ = std::move(seed);
  LUY_TRY_VOID(write_file_durably(file, out.encode(), 0600));
  return out;
}

Result<KeyChain> KeyChain::open(const std::filesystem::path& file, std::string_view origin) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return file_error(file.string(), errno);
  if ((status.st_mode & 077U) != 0) return Error(file_denied, file.string() + ": chmod 600");
  LUY_TRY(std::string text, read_file(file, file_bytes_max));
  auto out = decode(file, text);
  wipe(text);
  if (!out) return Error(state_damaged, file.string());
  if (out->root_.name != origin) return Error(other_origin, out->root_.name + ", " + std::string(origin));
  return out;
}

std::string KeyChain::encode() const {
  std::string out(header);
  out += "\n" + root_.vkey() + "\n" + (day_ ? to_iso(*day_) + " " + to_iso(last_) : std::string("root")) + "\n" +
         to_hex(as_bytes(seed_)) + "\n" + std::to_string(successors_.size()) + "\n";
  return out + evidence::join_certificates(successors_) + next_ + evidence::join_certificates(days_);
}

Result<KeyChain> KeyChain::decode(const std::filesystem::path& file, std::string_view text) {
  const Error damaged(state_damaged, file.string());
  Lines lines(text);
  if (lines.next() != header) return damaged;
  LUY_TRY(evidence::VerifierKey root, evidence::VerifierKey::parse(lines.next()));
  KeyChain out(file, std::move(root));
  const std::string_view days = lines.next();
  if (days != "root") {
    const auto first = day_from_iso(days.substr(0, days.find(' ')));
    const auto last = day_from_iso(days.substr(std::min(days.find(' '), days.size() - 1) + 1));
    if (!first || !last || *last < *first) return damaged;
    out.day_ = first;
    out.last_ = *last;
  }
  const auto seed = from_hex(lines.next());
  const std::string_view count = lines.next();
  if (!seed || seed->size() != evidence::ed25519_seed_bytes) return damaged;
  out.seed_ = *seed;
  LUY_TRY(const auto certificates, evidence::split_certificates(lines.rest()));
  if (!out.day_) return certificates.empty() ? Result<KeyChain>(std::move(out)) : damaged;
  const auto left = static_cast<std::size_t>((out.last_ - *out.day_).count()) + 1;
  if (certificates.size() < left + 1 || std::to_string(certificates.size() - left - 1) != count) return damaged;
  const auto next = certificates.end() - static_cast<std::ptrdiff_t>(left) - 1;
  out.successors_.assign(certificates.begin(), next);
  out.next_ = *next;
  out.days_.assign(next + 1, certificates.end());
  // The seed and its certificate belong together; what was signed by another key would never verify.
  const auto own = evidence::parse_certificate(out.days_.front());
  if (!own || own->day != *out.day_ || own->key.public_key != day_key(out.seed_).public_key()) return damaged;
  return out;
}

Result<void> KeyChain::begin_period(std::string certifier_seed, Day first, Random& random) {
  const evidence::Ed25519Key certifier = evidence::Ed25519Key::from_seed(certifier_seed);
  wipe(certifier_seed);
  LUY_TRY(const auto verifier, evidence::VerifierKey::make(root_.name, certifier.public_key()));
  std::string seed(evidence::ed25519_seed_bytes, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(seed.data()), seed.size()});
  wipe(seed_);
  seed_ = seed;
  day_ = first;
  last_ = first + days(days_per_period - 1);
  days_.clear();
  for (Day day = first; day <= last_; day += days(1)) {
    LUY_TRY(auto key, evidence::VerifierKey::make(root_.name, day_key(seed).public_key()));
    LUY_TRY(auto note, certify(certifier, verifier, {evidence::Certificate::Kind::day, day, std::move(key)}));
    days_.push_back(std::move(note));
    std::string after = next_seed(seed);
    wipe(seed);
    seed = std::move(after);
  }
  std::string successor = successor_seed(seed);
  wipe(seed);
  LUY_TRY(auto key, evidence::VerifierKey::make(root_.name, evidence::Ed25519Key::from_seed(successor).public_key()));
  wipe(successor);
  LUY_TRY(next_,
          certify(certifier, verifier, {evidence::Certificate::Kind::successor, last_ + days(1), std::move(key)}));
  return {};
}

void KeyChain::step() {
  std::string after = next_seed(seed_);
  wipe(seed_);
  seed_ = std::move(after);
  *day_ += days(1);
  if (!days_.empty()) days_.erase(days_.begin());
}

Result<void> KeyChain::go_to(Day day, Random& random) {
  LUY_CHECK(!day_ || *day_ <= day);
  if (day_ && *day_ == day) return {};
  if (!day_) {
    LUY_TRY_VOID(begin_period(seed_, day, random));
    return save();
  }
  while (*day_ < day && *day_ <= last_) step();
  if (day > last_) {
    successors_.push_back(next_);
    LUY_TRY_VOID(begin_period(successor_seed(seed_), day, random));
  }
  return save();
}

// The file it replaces is overwritten: it holds the keys of the days before.
Result<void> KeyChain::save() const {
  const UniqueFd before(::open(file_.c_str(), O_RDWR | O_CLOEXEC));
  if (!before) return file_error(file_.string(), errno);
  std::string text = encode();
  const auto written = write_file_durably(file_, text, 0600);
  wipe(text);
  if (!written) return written;
  return overwrite(before.get(), file_);
}

Result<evidence::SignedNote> KeyChain::sign(std::string_view body) const {
  const evidence::Ed25519Key key = day_ ? day_key(seed_) : evidence::Ed25519Key::from_seed(seed_);
  LUY_TRY(const auto verifier, evidence::VerifierKey::make(root_.name, key.public_key()));
  LUY_TRY(const std::string signature, key.sign(body));
  evidence::SignedNote out{evidence::format_note(body, verifier, signature), verifier.vkey(), successors_};
  if (day_) out.certificates.push_back(days_.front());
  return out;
}

Result<void> wipe_file(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return errno == ENOENT ? Result<void>() : Result<void>(file_error(file.string(), errno));
  LUY_TRY_VOID(overwrite(fd.get(), file));
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) return file_error(file.string(), errno);
  return sync_folder(file.parent_path());
}

}  // namespace luy::signer
