#include "watch/page_memory.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/hash.h"

namespace luy::watch {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> change_names = {"added", "removed", "changed"};

// Whose new address is grave in itself: what runs in, is shown in, or is sent from the page.
bool is_active(PartKind kind) {
  return kind == PartKind::script || kind == PartKind::frame || kind == PartKind::form || kind == PartKind::jump;
}

std::set<std::string> hosts_in(const Page& page) {
  std::set<std::string> out;
  for (const Part& part : page.parts) {
    if (!is_active(part.kind)) continue;
    std::string_view address = part.value;
    if (part.kind == PartKind::jump) address = address.substr(std::min(address.find('=') + 1, address.size()));
    if (std::string host = host_of(address); !host.empty()) out.insert(std::move(host));
  }
  return out;
}

Words::Found words_in(const Page& page, const Words& words) {
  Words::Found found;
  // One text, so that a phrase spread over several elements is found, too.
  std::string all = " ";
  for (const Part& part : page.parts) {
    if (part.kind == PartKind::text || part.kind == PartKind::title) all += spoken(part.value).substr(1);
  }
  words.find(all, found);
  return found;
}

std::size_t text_bytes(const Page& page) {
  std::size_t bytes = 0;
  for (const Part& part : page.parts) bytes += part.kind == PartKind::text ? part.value.size() : 0;
  return bytes;
}

// In `a` and not in `b`, counted; in the order of `a`.
std::vector<std::string> without(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::map<std::string_view, int> there;
  for (const std::string& value : b) ++there[value];
  std::vector<std::string> out;
  for (const std::string& value : a) {
    if (--there[value] < 0) out.push_back(value);
  }
  return out;
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

// Whether one of the paths is `place` or lies below it.
bool holds(const std::set<std::string>& paths, const std::string& place) {
  if (paths.contains(place)) return true;
  const auto below = paths.lower_bound(place + "/");
  return below != paths.end() && below->starts_with(place + "/");
}

// A page of which more than two thirds of the text are gone is another page.
constexpr std::size_t text_left_divisor = 3;
constexpr std::size_t text_bytes_telling = 300;

}  // namespace

std::string_view name_of(ChangeKind kind) {
  return change_names[static_cast<std::size_t>(kind)];
}

PageMemory::Values PageMemory::values_of(const Page& page) {
  Values out;
  for (const Part& part : page.parts) out[{part.kind, part.path}].push_back(part.value);
  return out;
}

bool PageMemory::is_masked(const Key& key) const {
  if (masked_.contains(key)) return true;
  for (std::size_t end = key.second.find('/'); !masked_trees_.empty(); end = key.second.find('/', end + 1)) {
    if (masked_trees_.contains(key.second.substr(0, end))) return true;
    if (end == std::string::npos) break;
  }
  return false;
}

// `whole`: also what only counts once the page is learnt.
Difference PageMemory::compare(const Page& page, const Words& words, bool whole) const {
  Difference out;
  out.words = words_in(page, words).without(words_);
  const std::set<std::string> hosts = hosts_in(page);
  const bool new_host = !std::includes(hosts_.begin(), hosts_.end(), hosts.begin(), hosts.end());
  const Values before = values_of(page_);
  const Values after = values_of(page);
  std::set<Key> keys;
  for (const auto& [key, values] : before) keys.insert(key);
  for (const auto& [key, values] : after) keys.insert(key);
  const auto add = [&](Change change) {
    if (out.changes.size() < changes_max) {
      out.changes.push_back(std::move(change));
    } else {
      ++out.more;
    }
  };
  for (const Key& key : keys) {
    const auto old_values = before.find(key);
    const auto new_values = after.find(key);
    const std::vector<std::string> none;
    const auto& was = old_values == before.end() ? none : old_values->second;
    const auto& is = new_values == after.end() ? none : new_values->second;
    const auto gone = without(was, is);
    const auto come = without(is, was);
    if (gone.empty() && come.empty()) continue;
    const auto strange = [&](const std::string& value) {
      const std::string host = is_active(key.first) ? host_of(value) : std::string();
      return !host.empty() && !hosts_.contains(host);
    };
    const bool from_strange = std::any_of(come.begin(), come.end(), strange);
    if (!from_strange && (!whole || is_masked(key))) continue;
    const std::size_t pairs = std::min(gone.size(), come.size());
    for (std::size_t i = 0; i < pairs; ++i) add({key.first, ChangeKind::changed, key.second, gone[i], come[i]});
    for (std::size_t i = pairs; i < gone.size(); ++i) add({key.first, ChangeKind::removed, key.second, gone[i], ""});
    for (std::size_t i = pairs; i < come.size(); ++i) add({key.first, ChangeKind::added, key.second, "", come[i]});
    out.grave = out.grave || key.first == PartKind::title;
  }
  const std::size_t text_before = text_bytes(page_);
  const bool emptied =
      whole && text_before >= text_bytes_telling && text_bytes(page) < text_before / text_left_divisor && !page.cut;
  out.grave = out.grave || new_host || emptied;
  return out;
}

// What is at a place only sometimes is masked with everything around it that is below a common place.
void PageMemory::mask_tree(const std::string& path, const std::set<std::string>& other) {
  std::string tree = parent_of(path);
  // The highest place that the other page does not have is what comes and goes.
  std::string coming = path;
  while (!tree.empty() && !holds(other, tree)) {
    coming = tree;
    tree = parent_of(tree);
  }
  // Never the whole page or its body.
  if (std::count(coming.begin(), coming.end(), '/') >= 2) masked_trees_.insert(coming);
}

void PageMemory::learn(const Page& page) {
  const Values before = values_of(page_);
  const Values after = values_of(page);
  const auto look = [&](const Values& one, const Values& other) {
    std::set<std::string> paths;
    for (const auto& [key, values] : other) paths.insert(key.second);
    for (const auto& [key, values] : one) {
      if (is_masked(key)) continue;
      const auto match = other.find(key);
      if (match == other.end()) {
        masked_.insert(key);
        mask_tree(key.second, paths);
      } else if (match->second != values) {
        masked_.insert(key);
      }
    }
  };
  look(before, after);
  look(after, before);
}

void PageMemory::remember(const Page& page, const Words& words) {
  ++revision_;
  page_ = page;
  hosts_.merge(hosts_in(page));
  const Words::Found found = words_in(page, words);
  words_.strong.insert(found.strong.begin(), found.strong.end());
  words_.weak.insert(found.weak.begin(), found.weak.end());
}

Difference PageMemory::visit(const Page& page, const Words& words, Time at, Duration learn_for) {
  ++visits_;
  if (!learnt_) ++revision_;
  if (!began_) {
    began_ = at;
    Difference first;
    first.words = words_in(page, words);
    page_ = page;
    hosts_ = hosts_in(page);
    // Weak words that stand there from the beginning belong there; a strong one is told until it is accepted.
    words_.weak = first.words.weak;
    first.words.weak.clear();
    return first;
  }
  if (learnt_) return compare(page, words, true);
  Difference difference = compare(page, words, false);
  if (difference.any()) return difference;  // Not learnt from: it may be an attack.
  learn(page);
  page_ = page;
  learnt_ = visits_ >= learning_visits && at - *began_ >= learn_for;
  return difference;
}

void PageMemory::accept(const Page& page, const Words& words, Time at) {
  if (began_) {
    for (const Change& change : compare(page, words, true).changes) {
      const bool masks = !is_active(change.part) && change.part != PartKind::title;
      if (masks && ++accepted_[change.where] >= accepted_to_mask) masked_.insert({change.part, change.where});
    }
  } else {
    began_ = at;
  }
  remember(page, words);
}

void PageMemory::follow(const Page& page, Time at) {
  if (!began_) began_ = at;
  ++revision_;
  // The page is being changed on purpose; words are never part of the purpose, so they stay unknown.
  page_ = page;
  hosts_.merge(hosts_in(page));
}

std::string PageMemory::fingerprint(const Page& page, const Words& words) const {
  json::array out;
  for (const Part& part : page.parts) {
    if (is_active(part.kind)) {
      // Addresses often carry a number that is another one every time; it is the host that weighs.
      out.push_back(json::array{static_cast<std::int64_t>(part.kind), host_of(part.value)});
    } else if (learnt_ && !is_masked({part.kind, part.path})) {
      out.push_back(json::array{static_cast<std::int64_t>(part.kind), part.path, part.value});
    }
  }
  for (const std::string& word : words_in(page, words).all()) out.push_back(json::value(word));
  return to_hex(sha256(json::serialize(out)));
}

std::string to_json(const Page& page) {
  json::array parts;
  for (const Part& part : page.parts) {
    parts.push_back(json::array{static_cast<std::int64_t>(part.kind), part.path, part.value});
  }
  return json::serialize(parts);
}

std::string PageMemory::saved() const {
  if (!began_) return {};
  const auto keys = [](const std::set<Key>& set) {
    json::array out;
    for (const auto& [kind, path] : set) out.push_back(json::array{static_cast<std::int64_t>(kind), path});
    return out;
  };
  const auto texts = [](const std::set<std::string>& set) { return json::array(set.begin(), set.end()); };
  json::object accepted;
  for (const auto& [path, count] : accepted_) accepted[path] = count;
  json::object out;
  out["began"] = to_micros(*began_);
  out["visits"] = visits_;
  out["learnt"] = learnt_;
  out["cut"] = page_.cut;
  out["masked"] = keys(masked_);
  out["trees"] = texts(masked_trees_);
  out["accepted"] = std::move(accepted);
  out["hosts"] = texts(hosts_);
  out["strong"] = texts(words_.strong);
  out["weak"] = texts(words_.weak);
  json::array parts;
  for (const Part& part : page_.parts) {
    parts.push_back(json::array{static_cast<std::int64_t>(part.kind), part.path, part.value});
  }
  out["page"] = std::move(parts);
  return json::serialize(out);
}

PageMemory PageMemory::restored(std::string_view text) {
  PageMemory out;
  if (text.empty()) return out;
  try {
    const json::value root = json::parse(json::string_view(text.data(), text.size()));
    const auto kind_of = [](const json::value& value) {
      const std::int64_t number = value.as_int64();
      if (number < 0 || number > static_cast<std::int64_t>(PartKind::jump)) throw std::out_of_range("kind");
      return static_cast<PartKind>(number);
    };
    const auto texts = [&](const char* key) {
      std::set<std::string> set;
      for (const json::value& one : root.at(key).as_array()) set.emplace(one.as_string());
      return set;
    };
    for (const json::value& one : root.at("page").as_array()) {
      out.page_.parts.push_back(
          {kind_of(one.at(0)), std::string(one.at(1).as_string()), std::string(one.at(2).as_string())});
    }
    for (const json::value& one : root.at("masked").as_array()) {
      out.masked_.emplace(kind_of(one.at(0)), std::string(one.at(1).as_string()));
    }
    for (const auto& [path, count] : root.at("accepted").as_object()) {
      out.accepted_[std::string(path)] = static_cast<int>(count.as_int64());
    }
    out.masked_trees_ = texts("trees");
    out.hosts_ = texts("hosts");
    out.words_ = {texts("strong"), texts("weak")};
    out.page_.cut = root.at("cut").as_bool();
    out.visits_ = static_cast<int>(root.at("visits").as_int64());
    out.learnt_ = root.at("learnt").as_bool();
    out.began_ = from_micros(root.at("began").as_int64());
  } catch (const std::exception&) {
    return {};
  }
  return out;
}

}  // namespace luy::watch
