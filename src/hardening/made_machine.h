// For tests: a machine made of files, modes and links in memory; what a Debian 12 is as it is installed lies in
// testdata/. A path can be made unreadable.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/source_dir.h"
#include "hardening/readers/text.h"
#include "hardening/source.h"
#include "regulation/yaml_node.h"

namespace luy::hardening {

class MadeMachine final : public Source {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, FileState> states;  // Of files and folders that are not there as files, too.
  std::map<std::string, std::string> links;
  std::set<std::string> closed;
  bool all_closed = false;

  void sysctl(std::string key, const std::string& value) {
    for (char& c : key) c = c == '.' ? '/' : c;
    files["/proc/sys/" + key] = value + "\n";
  }
  void mode(const std::string& path, const std::string& text) {
    const auto words = words_of(text);
    states[path] = {static_cast<std::uint32_t>(number_of(words.at(0), 8).value()),
                    static_cast<std::uint32_t>(number_of(words.at(1)).value()),
                    static_cast<std::uint32_t>(number_of(words.at(2)).value()), false};
  }
  void install(const std::string& package) {
    files["/var/lib/dpkg/status"] += "\nPackage: " + package + "\nStatus: install ok installed\nVersion: 1\n";
  }
  void remove(const std::string& package) {
    std::string& status = files["/var/lib/dpkg/status"];
    const auto at = status.find("Package: " + package + "\n");
    status.replace(at, 9 + package.size(), "Package: (none)");
  }

  Result<std::optional<std::string>> file(const std::string& path) const override {
    if (refuses(path)) return Error(unreadable, path);
    const auto found = files.find(path);
    return found == files.end() ? std::optional<std::string>() : std::optional(found->second);
  }
  Result<std::optional<std::vector<std::string>>> folder(const std::string& path) const override {
    if (refuses(path)) return Error(unreadable, path);
    std::set<std::string> names;
    const auto take = [&](const std::string& full) {
      if (!full.starts_with(path + "/")) return;
      const std::string rest = full.substr(path.size() + 1);
      names.insert(rest.substr(0, rest.find('/')));
    };
    for (const auto& [full, text] : files) take(full);
    for (const auto& [full, state] : states) take(full);
    for (const auto& [full, target] : links) take(full);
    if (names.empty()) return std::optional<std::vector<std::string>>();
    return std::optional(std::vector<std::string>(names.begin(), names.end()));
  }
  Result<std::optional<FileState>> state(const std::string& path) const override {
    if (refuses(path)) return Error(unreadable, path);
    const auto found = states.find(path);
    if (found != states.end()) return std::optional(found->second);
    const auto next = files.lower_bound(path);
    if (next != files.end() && next->first == path) return std::optional(FileState{0644, 0, 0, false});
    const bool is_folder = next != files.end() && next->first.starts_with(path + "/");
    return is_folder ? std::optional(FileState{0755, 0, 0, true}) : std::optional<FileState>();
  }
  Result<std::optional<std::string>> link(const std::string& path) const override {
    if (refuses(path)) return Error(unreadable, path);
    const auto found = links.find(path);
    return found == links.end() ? std::optional<std::string>() : std::optional(found->second);
  }

 private:
  bool refuses(const std::string& path) const { return all_closed || closed.contains(path); }
};

inline std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline std::string testdata() {
  return source_dir() + "/src/hardening/testdata/";
}

inline regulation::YamlNode yaml_of(const std::string& name) {
  auto node = regulation::parse_yaml(name, text_of_file(testdata() + name));
  return std::move(node.value());
}

// Calls visit(key, value) for a map's members; nothing for a null pointer.
template <class Visit>
void each_member(const regulation::YamlNode* map, Visit visit) {
  for (std::size_t i = 0; map != nullptr && i < map->keys.size(); ++i) visit(map->keys[i].scalar, map->items[i]);
}

inline MadeMachine debian12() {
  MadeMachine out;
  const std::filesystem::path root = testdata() + "debian12";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) {
      out.files["/" + entry.path().lexically_relative(root).string()] = text_of_file(entry.path());
    }
  }
  const auto more = yaml_of("machine.yaml");
  each_member(more.find("sysctl"), [&](const std::string& key, const auto& node) { out.sysctl(key, node.scalar); });
  each_member(more.find("modes"), [&](const std::string& key, const auto& node) { out.mode(key, node.scalar); });
  each_member(more.find("links"), [&](const std::string& key, const auto& node) { out.links[key] = node.scalar; });
  return out;
}

}  // namespace luy::hardening
