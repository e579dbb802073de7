// PostgreSQL as Debian sets it up: clusters /etc/postgresql/<version>/<name>. Later settings win, and
// postgresql.auto.conf, which ALTER SYSTEM writes, is read last.
#include "hardening/readers/reading.h"
#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

struct Cluster {
  std::string folder;  // "/etc/postgresql/15/main"
  std::string data;    // Where Debian puts it unless data_directory says another.
};

Result<std::vector<Cluster>> clusters(Machine& machine) {
  LUY_TRY(const auto files, files_of(machine, "/etc/postgresql/*/*"));
  std::vector<Cluster> out;
  for (const std::string& folder : files) {
    LUY_TRY(const auto main, machine.source().state(folder + "/postgresql.conf"));
    if (main) out.push_back({folder, "/var/lib/postgresql/" + folder.substr(std::string("/etc/postgresql/").size())});
  }
  return out;
}

// name = 'value'  # comment
std::pair<std::string, std::string> setting_of(std::string_view line) {
  const auto end = std::min(line.find_first_of(" \t="), line.size());
  const std::string name = lower(line.substr(0, end));
  std::string_view rest = trim(line.substr(end));
  if (rest.starts_with('=')) rest = trim(rest.substr(1));
  if (!rest.starts_with('\'')) return {name, std::string(trim(rest.substr(0, rest.find('#'))))};
  std::string value;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\'') {
      if (i + 1 >= rest.size() || rest[i + 1] != '\'') break;
      ++i;
    }
    value += rest[i];
  }
  return {name, value};
}

class Settings {
 public:
  Settings(Machine& machine, std::vector<std::string> names) : machine_(machine), names_(std::move(names)) {}

  Result<void> read(const std::string& path, bool must_be, int depth) {
    if (depth > include_depth_max) return Error(unreadable, path);
    LUY_TRY(const auto text, machine_.file(path));
    if (!text) return must_be ? Result<void>(Error(unreadable, path)) : Result<void>();
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    for (const Line& line : lines_of(*text)) {
      const auto [name, value] = setting_of(line.text);
      const std::string target = value.starts_with('/') ? value : folder + value;
      if (name == "include") {
        LUY_TRY_VOID(read(target, true, depth + 1));
      } else if (name == "include_if_exists") {
        LUY_TRY_VOID(read(target, false, depth + 1));
      } else if (name == "include_dir") {
        LUY_TRY(const auto files, files_of(machine_, target + "/*.conf"));
        for (const std::string& file : files) LUY_TRY_VOID(read(file, false, depth + 1));
      } else if (is_among(name, names_)) {
        found_ = Value{value, path, line.number};
      }
    }
    return {};
  }
  std::optional<Value> take() { return std::move(found_); }

 private:
  Machine& machine_;
  const std::vector<std::string> names_;
  std::optional<Value> found_;
};

Result<std::optional<Value>> setting(Machine& machine, const Cluster& cluster, const std::string& name) {
  Settings main(machine, {name});
  LUY_TRY_VOID(main.read(cluster.folder + "/postgresql.conf", true, 0));
  std::optional<Value> value = main.take();
  std::string data = cluster.data;
  Settings where(machine, {"data_directory"});
  LUY_TRY_VOID(where.read(cluster.folder + "/postgresql.conf", true, 0));
  if (const auto other = where.take(); other && !other->text.empty()) data = other->text;
  Settings last(machine, {name});
  LUY_TRY_VOID(last.read(data + "/postgresql.auto.conf", false, 0));
  if (auto later = last.take()) value = std::move(later);
  return value;
}

// type database user [address [mask]] method [options]; quoted fields hold no blanks in practice.
struct HbaLine {
  std::string address;
  std::string method;
};
std::optional<HbaLine> hba_line(std::string_view text) {
  const auto words = words_of(text.substr(0, text.find('#')));
  if (words.size() < 4) return std::nullopt;
  if (words[0] == "local") return HbaLine{"local", words[3]};
  if (words.size() < 5) return std::nullopt;
  // "192.0.2.0 255.255.255.0 md5": a mask of its own.
  const bool has_mask = words[3].find('/') == std::string::npos && words.size() > 5 &&
                        words[4].find_first_not_of("0123456789.:abcdefABCDEF") == std::string::npos &&
                        words[4].find_first_of(".:") != std::string::npos;
  if (has_mask) return HbaLine{words[3] + "/" + words[4], words[5]};
  return HbaLine{words[3], words[4]};
}

}  // namespace

Result<Answer> read_postgres(const Reading& reading, Machine& machine) {
  LUY_TRY(const auto all, clusters(machine));
  if (all.empty()) return not_applicable("no_cluster");
  Answer out;
  for (const Cluster& cluster : all) {
    LUY_TRY(auto value, setting(machine, cluster, reading.key));
    if (value) {
      out.values.push_back(std::move(*value));
    } else if (reading.fallback) {
      out.values.push_back({*reading.fallback, cluster.folder + "/postgresql.conf", 0});
    } else {
      return Answer{};
    }
  }
  return out;
}

Result<Answer> read_pg_hba(const Reading& reading, Machine& machine) {
  LUY_TRY(const auto all, clusters(machine));
  if (all.empty()) return not_applicable("no_cluster");
  Answer out;
  for (const Cluster& cluster : all) {
    std::string path = cluster.folder + "/pg_hba.conf";
    LUY_TRY(const auto other, setting(machine, cluster, "hba_file"));
    if (other && !other->text.empty()) path = other->text;
    LUY_TRY(const auto text, machine.file(path));
    if (!text) return Error(unreadable, path);
    for (const Line& line : lines_of(*text)) {
      const auto one = hba_line(line.text);
      if (one && one->method != "reject")
        out.values.push_back({reading.key == "address" ? one->address : one->method, path, line.number});
    }
  }
  return out;
}

}  // namespace luy::hardening
