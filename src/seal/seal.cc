#include "seal/seal.h"

#include <openssl/crypto.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <set>

#include "base/file.h"
#include "seal/time_stamp_call.h"

namespace luy::seal {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t value_bytes_max = 4096;
constexpr std::array<std::string_view, 11> keys = {"agency",    "name",     "module",    "token",
                                                   "key",       "pin_file", "issuers",   "picture",
                                                   "signature", "width_mm", "time_stamp"};

class Reader {
 public:
  Reader(const fs::path& file, const json::object& object) : file_(file), object_(object) {}

  std::string text(std::string_view key, bool is_required) {
    const json::value* found = object_.if_contains(json::string_view(key.data(), key.size()));
    if (found == nullptr && !is_required) return {};
    const bool fits = found != nullptr && found->is_string() && !found->get_string().empty() &&
                      found->get_string().size() <= value_bytes_max;
    if (!fits) fault(key);
    return fits ? std::string(found->get_string().c_str()) : std::string();
  }
  fs::path path(std::string_view key, bool is_required) {
    const std::string name = text(key, is_required);
    return name.empty() ? fs::path() : file_.parent_path() / name;
  }
  double number(std::string_view key, double otherwise, double most) {
    const json::value* found = object_.if_contains(json::string_view(key.data(), key.size()));
    if (found == nullptr) return otherwise;
    const double value = found->is_number() ? found->to_number<double>() : 0;
    if (!(value > 0 && value <= most)) fault(key);
    return value;
  }
  void no_others() {
    for (const auto& field : object_) {
      if (std::find(keys.begin(), keys.end(), std::string_view(field.key())) == keys.end()) fault(field.key());
    }
  }
  // The first.
  void fault(std::string_view what) {
    if (fault_.empty()) fault_ = what;
  }
  const std::string& fault() const { return fault_; }

 private:
  const fs::path& file_;
  const json::object& object_;
  std::string fault_;
};

Result<Seal> read_seal(const fs::path& file) {
  const std::string name = file.filename().string();
  LUY_TRY(const std::string bytes, read_file(file, seal_file_bytes_max));
  boost::system::error_code error;
  json::parse_options limits;
  limits.max_depth = 4;
  const json::value root = json::parse(bytes, error, {}, limits);
  if (error) return Error(bad_file, name + ": JSON: " + error.message());
  if (!root.is_object()) return Error(bad_file, name + ": JSON");
  Reader reader(file, root.get_object());
  Seal out;
  out.id = file.stem().string();
  out.agency = reader.text("agency", true);
  out.name = reader.text("name", true);
  out.module = reader.path("module", true);
  out.token = reader.text("token", true);
  out.key = reader.text("key", true);
  out.pin_file = reader.path("pin_file", true);
  out.issuers = reader.path("issuers", false);
  out.picture = reader.path("picture", true);
  out.signature = reader.path("signature", false);
  out.width_mm = reader.number("width_mm", signature::seal_width_default_mm, signature::seal_width_max_mm);
  out.time_stamp = reader.text("time_stamp", false);
  if (!out.time_stamp.empty() && !is_time_stamp_url(out.time_stamp)) reader.fault("time_stamp");
  reader.no_others();
  if (!reader.fault().empty()) return Error(bad_file, name + ": " + reader.fault());
  return out;
}

}  // namespace

Result<std::vector<Seal>> read_seals(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".json") files.push_back(it->path());
  }
  if (error && error != std::errc::no_such_file_or_directory) return file_error(folder.string(), error.value());
  std::sort(files.begin(), files.end());
  if (files.size() > seals_max) return Error(bad_file, folder.string() + ": > " + std::to_string(seals_max));
  std::vector<Seal> out;
  std::set<std::string> agencies;
  for (const fs::path& file : files) {
    LUY_TRY(Seal one, read_seal(file));
    if (!agencies.insert(one.agency).second) return Error(bad_file, file.filename().string() + ": " + one.agency);
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::string> read_pin(const Seal& seal) {
  struct stat about {};
  if (::stat(seal.pin_file.c_str(), &about) != 0) return file_error(seal.pin_file.string(), errno);
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) return Error(pin_exposed, seal.pin_file.string());
  LUY_TRY(std::string text, read_file(seal.pin_file, pin_file_bytes_max));
  // What a resize leaves behind its end, and this string, must not keep the PIN.
  std::string pin = text.substr(0, text.find_first_of("\r\n"));
  OPENSSL_cleanse(text.data(), text.size());
  return pin;
}

}  // namespace luy::seal
