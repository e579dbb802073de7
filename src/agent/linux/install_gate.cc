#include "agent/linux/install_gate.h"

#include <algorithm>
#include <array>
#include <map>

#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/hash.h"
#include "base/utf8.h"

namespace luy::agent {
namespace {

using device_policy::InstallGate;

constexpr std::string_view heading = "luy-software-gate 1";
constexpr std::size_t met_text_bytes_max = 4096;

// Takes the text up to the next line's end off the front; nullopt when no line ends.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view out = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// apt writes %xx for what would end a line or a word.
std::string unquoted(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

// As apt's Configuration::FindDir: each part stands below the one before unless it is absolute.
std::string archives_folder(const std::map<std::string, std::string>& settings) {
  std::string out = "/";
  for (const auto& [key, fallback] : {std::pair<const char*, const char*>{"Dir", "/"},
                                      {"Dir::Cache", "var/cache/apt/"},
                                      {"Dir::Cache::archives", "archives/"}}) {
    const auto found = settings.find(key);
    const std::string part = found == settings.end() || found->second.empty() ? fallback : found->second;
    out = part.front() == '/' ? part : out + part;
    if (out.back() != '/') out += '/';
  }
  return out;
}

// "name (>= 1) | other:any, third [amd64]" gives the three names.
void add_names(std::string_view list, std::vector<std::string>& out) {
  for (const std::string_view group : split(list, ',')) {
    for (const std::string_view one : split(group, '|')) {
      const std::string_view name = trim(one).substr(0, trim(one).find_first_of(" (:["));
      if (!name.empty()) out.emplace_back(name);
    }
  }
}

std::string cleaned(std::string_view text) {
  std::string out;
  for (const char c : to_utf8(text.substr(0, met_text_bytes_max))) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return out;
}

}  // namespace

std::string to_text(const GateFile& file, std::string_view content) {
  std::string body = "mode " + std::string(name_of(file.mode)) + "\ncontact " + file.contact + "\n\n";
  body += content;
  return std::string(heading) + "\nsha256 " + to_hex(sha256(body)) + '\n' + body;
}

Result<GateFile> read_gate_file(std::string_view text) {
  std::string_view rest = text;
  if (take_line(rest) != heading) return Error(gate_unusable, "luy-software-gate");
  const auto digest = take_line(rest);
  if (!digest || *digest != "sha256 " + to_hex(sha256(rest))) return Error(gate_unusable, "sha256");
  GateFile out;
  const auto mode = take_line(rest);
  const auto contact = take_line(rest);
  const auto blank = take_line(rest);
  bool known = false;
  for (const InstallGate one : {InstallGate::off, InstallGate::watch, InstallGate::refuse}) {
    if (mode != "mode " + std::string(name_of(one))) continue;
    out.mode = one;
    known = true;
  }
  if (!known || !contact || !contact->starts_with("contact ") || blank != std::string_view()) {
    return Error(gate_unusable, "mode");
  }
  out.contact = contact->substr(8);
  while (!rest.empty()) {
    const auto line = take_line(rest);
    const auto fields = line ? split(*line, '\t') : std::vector<std::string_view>();
    if (fields.size() != 3) return Error(gate_unusable, "products");
    device_policy::ListedProduct one{std::string(fields[0]), std::string(fields[1]), std::nullopt};
    if (!fields[2].empty()) {
      one.ends = from_rfc3339(fields[2]);
      if (!one.ends) return Error(gate_unusable, one.name);
    }
    out.products.push_back(std::move(one));
  }
  return out;
}

Result<Transaction> read_apt_transaction(std::string_view text) {
  std::string_view rest = text;
  if (take_line(rest) != "VERSION 3") return Error(transaction_malformed, "VERSION");
  std::map<std::string, std::string> settings;
  for (;;) {
    const auto line = take_line(rest);
    if (!line) return Error(transaction_malformed, "settings");
    if (line->empty()) break;
    const auto equals = line->find('=');
    if (equals != std::string_view::npos)
      settings[unquoted(line->substr(0, equals))] = unquoted(line->substr(equals + 1));
  }
  Transaction out;
  out.archives = archives_folder(settings);
  while (const auto line = take_line(rest)) {
    // name, old version, its architecture and multi-arch, <, the same three of the new one, file.
    const auto fields = words(*line);
    if (fields.size() < 9) return Error(transaction_malformed, std::string(line->substr(0, 200)));
    if (fields[8] == "**REMOVE**" || fields[8] == "**CONFIGURE**" || fields[5] == "-") continue;
    PackageChange change;
    change.name = fields[0];
    if (fields[1] != "-") change.old_version = fields[1];
    change.new_version = fields[5];
    change.older = fields[4] == ">";
    change.file = line->substr(static_cast<std::size_t>(fields[8].data() - line->data()));
    out.changes.push_back(std::move(change));
  }
  if (!rest.empty()) return Error(transaction_malformed, "the last line has no end");
  return out;
}

PackageControl read_control(std::string_view text) {
  PackageControl out;
  // A field goes on in lines that begin with a blank.
  std::vector<std::string> fields;
  for (const std::string_view line : lines(text)) {
    const bool continues = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    if (continues && !fields.empty()) {
      fields.back() += line;
    } else {
      fields.emplace_back(line);
    }
  }
  for (const std::string& field : fields) {
    if (const auto name = after(field, "Package:")) out.name = *name;
    if (const auto version = after(field, "Version:")) out.version = *version;
    for (const char* key : {"Pre-Depends:", "Depends:", "Recommends:"}) {
      if (const auto list = after(field, key)) add_names(*list, out.needs);
    }
    if (const auto list = after(field, "Provides:")) add_names(*list, out.provides);
  }
  return out;
}

std::vector<Judged> judge(const Transaction& transaction, const GateFile& gate, Time now,
                          const std::function<std::optional<PackageControl>(const std::string& file)>& control) {
  device_policy::SoftwareList list;
  list.products = gate.products;
  std::sort(list.products.begin(), list.products.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  const auto is_fetched = [&](const PackageChange& change) {
    return change.file.starts_with(transaction.archives) && change.file.find("/../") == std::string::npos;
  };
  std::vector<Judged> out;
  std::size_t open = 0;
  for (const PackageChange& change : transaction.changes) {
    PassedAs as = PassedAs::refused;
    if (list.covers(change.name, change.new_version, now)) {
      as = PassedAs::approved;
    } else if (!change.old_version.empty() && !change.older && is_fetched(change)) {
      as = PassedAs::update;
    }
    open += as == PassedAs::refused && is_fetched(change) ? 1 : 0;
    out.push_back({&change, as});
  }
  if (open == 0) return out;
  // What they need passes with them, and what that needs.
  std::map<const PackageChange*, PackageControl> known;
  for (const PackageChange& change : transaction.changes) {
    if (auto read = control(change.file)) known[&change] = *std::move(read);
  }
  std::vector<const PackageChange*> todo;
  for (const Judged& one : out) {
    if (one.as != PassedAs::refused) todo.push_back(one.change);
  }
  while (!todo.empty()) {
    const auto needed_by = known.find(todo.back());
    todo.pop_back();
    if (needed_by == known.end()) continue;
    const std::set<std::string_view> needs(needed_by->second.needs.begin(), needed_by->second.needs.end());
    for (Judged& one : out) {
      if (one.as != PassedAs::refused || !is_fetched(*one.change)) continue;
      bool needed = needs.contains(one.change->name);
      if (const auto own = known.find(one.change); own != known.end()) {
        for (const std::string& name : own->second.provides) needed = needed || needs.contains(name);
      }
      if (!needed) continue;
      one.as = PassedAs::dependency;
      todo.push_back(one.change);
    }
  }
  return out;
}

std::string refusal_text(const std::vector<Judged>& judged, const std::string& contact) {
  std::string out;
  for (const Judged& one : judged) {
    if (one.as != PassedAs::refused) continue;
    out += "luy-agent: Không cài phần mềm “" + cleaned(one.change->name) + "” phiên bản " +
           cleaned(one.change->new_version) + ": chưa được phê duyệt cho máy này.\n";
  }
  const std::string whom = contact.empty() ? "cán bộ phụ trách an toàn thông tin của cơ quan" : contact;
  out += "luy-agent: Nếu cần cho công việc, hãy gửi đề nghị ở trang “Đề nghị cài phần mềm” của hệ thống Lũy hoặc hỏi " +
         whom + ".\n";
  return out;
}

std::string to_line(const MetLine& met) {
  return met.act + '\t' + cleaned(met.name) + '\t' + cleaned(met.version) + '\t' + met.sha256 + '\t' +
         cleaned(met.user) + '\t' + (met.refused ? '1' : '0') + '\t' + to_rfc3339(met.at) + '\n';
}

std::optional<MetLine> read_met_line(std::string_view line) {
  const auto fields = split(line, '\t');
  if (fields.size() != 7 || !is_utf8(line)) return std::nullopt;
  constexpr std::array<std::string_view, 3> acts = {"install", "execute", "open"};
  const auto at = from_rfc3339(fields[6]);
  if (std::find(acts.begin(), acts.end(), fields[0]) == acts.end() || !at) return std::nullopt;
  return MetLine{std::string(fields[0]),
                 std::string(fields[1]),
                 std::string(fields[2]),
                 std::string(fields[3]),
                 std::string(fields[4]),
                 fields[5] == "1",
                 *at};
}

}  // namespace luy::agent
