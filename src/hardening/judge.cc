#include "hardening/judge.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "hardening/readers/reading.h"
#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

Result<Answer> ask(const Reading& reading, Machine& machine) {
  using Function = Result<Answer> (*)(const Reading&, Machine&);
  // In the order of Reader.
  constexpr std::array<Function, reader_count> functions = {
      read_sshd,    read_sysctl,       read_login_defs, read_pam,     read_pwquality,    read_faillock,
      read_mount,   read_file,         read_unit,       read_package, read_systemd_conf, read_apt,
      read_sudoers, read_accounts,     read_module,     read_nginx,   read_postgres,     read_pg_hba,
      read_samba,   read_samba_shares, read_ini,        read_words};
  return functions[static_cast<std::size_t>(reading.reader)](reading, machine);
}

bool is_within(const Rule& rule, const std::string& text) {
  if (!rule.at_least && !rule.at_most) return rule.is.empty();
  const auto number = rule.time ? seconds_of(text) : number_of(text);
  return number && (!rule.at_least || *number >= *rule.at_least) && (!rule.at_most || *number <= *rule.at_most);
}

// "0640 root shadow"
bool is_file_right(const Rule& rule, const std::string& text) {
  const auto words = words_of(text);
  if (words.size() != 3) return false;
  const auto mode = number_of(words[0], 8);
  if (rule.mode_within && (!mode || (static_cast<std::uint32_t>(*mode) & ~*rule.mode_within) != 0)) return false;
  const auto among = [](const std::vector<std::string>& list, const std::string& name) {
    return list.empty() || std::find(list.begin(), list.end(), name) != list.end();
  };
  return among(rule.owners, words[1]) && among(rule.groups, words[2]);
}

bool is_right(const Rule& rule, const std::string& text) {
  if (rule.present) return *rule.present;
  if (!is_among(text, rule.is) && !is_within(rule, text)) return false;
  if (is_among(text, rule.is_not)) return false;
  const auto words = words_of(text, " \t,");
  const auto has = [&](const std::string& word) { return is_among(word, words); };
  const auto& within = rule.words_within;
  const bool inside = within.empty() || std::all_of(words.begin(), words.end(),
                                                    [&](const std::string& word) { return is_among(word, within); });
  if (!inside || !std::all_of(rule.words_with.begin(), rule.words_with.end(), has)) return false;
  if (std::any_of(rule.words_without.begin(), rule.words_without.end(), has)) return false;
  if (rule.mask_covers) {
    const auto mask = number_of(text, 8);
    if (!mask || (static_cast<std::uint32_t>(*mask) & *rule.mask_covers) != *rule.mask_covers) return false;
  }
  const bool of_files = rule.mode_within || !rule.owners.empty() || !rule.groups.empty();
  return !of_files || is_file_right(rule, text);
}

std::string shown(const std::string& text) {
  std::string out(utf8_front(to_utf8(text), found_bytes_max));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return out;
}

class Judge {
 public:
  Judge(const Source& source, Time now) : machine_(source, now) {}

  fact::CheckResult judge(const Check& check) {
    fact::CheckResult out;
    out.check = check.id;
    if (!applies(check, out)) return out;
    const auto answer = ask(check.reading, machine_);
    if (!answer) {
      unknown(out, answer.error());
    } else if (!answer->reason.empty()) {
      put(out, answer->applies ? State::unknown : State::not_applicable);
      out.reason = answer->reason;
    } else if (answer->values.empty()) {
      // Nothing there is what `present: no` asks for, whatever else is said.
      const bool wanted = check.rule.present && !*check.rule.present;
      put(out, wanted ? State::right : check.absent);
      if (!wanted && check.absent == State::not_applicable) out.reason = "nothing_there";
    } else {
      weigh(check, answer->values, out);
    }
    return out;
  }

 private:
  static void put(fact::CheckResult& out, State state) { out.state = name_of(state); }

  static void unknown(fact::CheckResult& out, const Error& error) {
    put(out, State::unknown);
    out.reason = "unreadable";
    out.file = shown(error.detail());
  }

  bool applies(const Check& check, fact::CheckResult& out) {
    if (!check.systems.empty()) {
      const auto system = machine_.system();
      if (!system) {
        unknown(out, system.error());
        return false;
      }
      if (!is_among(*system, check.systems)) {
        put(out, State::not_applicable);
        out.reason = "other_system";
        return false;
      }
    }
    if (check.packages.empty()) return true;
    for (const std::string& name : check.packages) {
      const auto version = machine_.package(name);
      if (!version) {
        unknown(out, version.error());
        return false;
      }
      if (*version) return true;
    }
    put(out, State::not_applicable);
    out.reason = "no_package";
    out.found = joined(check.packages, ", ");
    return false;
  }

  // The first value that is not right decides; else the first one speaks for all.
  static void weigh(const Check& check, const std::vector<Value>& values, fact::CheckResult& out) {
    const auto bad =
        std::find_if(values.begin(), values.end(), [&](const Value& v) { return !is_right(check.rule, v.text); });
    put(out, bad == values.end() ? State::right : State::wrong);
    const Value& value = bad == values.end() ? values.front() : *bad;
    out.found = check.reading.hidden ? "***" : shown(value.text);
    if (!value.file.empty()) out.file = shown(value.file);
    if (value.line > 0) out.line = value.line;
  }

  Machine machine_;
};

struct Reason {
  std::string_view name;
  std::string_view vi;
  std::string_view en;
};
// "{}": the file, else the value.
constexpr std::array reasons = {
    Reason{"unreadable", "Không đọc được {}.", "Cannot read {}."},
    Reason{"other_system", "Hệ điều hành khác.", "Another operating system."},
    Reason{"no_package", "Máy không cài {}.", "Not installed: {}."},
    Reason{"no_file", "Chương trình này không có tệp cấu hình trên máy.",
           "The program has no configuration file here."},
    Reason{"nothing_there", "Máy không có đối tượng này.", "The machine has no such thing."},
    Reason{"no_ipv6", "Máy không dùng IPv6.", "The machine has no IPv6."},
    Reason{"no_sysctl", "Không xem được tham số của nhân.", "The kernel's parameters cannot be seen."},
    Reason{"no_mounts", "Không xem được danh sách điểm gắn.", "The list of mount points cannot be seen."},
    Reason{"no_systemd", "Không biết dịch vụ nào đang chạy vì máy không khởi động bằng systemd.",
           "Which services run is not known: systemd does not run this system."},
    Reason{"no_modules", "Nhân của máy không có danh sách mô-đun.", "The kernel has no list of modules here."},
    Reason{"no_cluster", "Máy không có cụm cơ sở dữ liệu nào.", "There is no database cluster."},
    Reason{"other_class", "Không áp dụng cho loại thiết bị này.", "Not for this class of device."},
};

std::string filled(std::string_view pattern, const std::string& word) {
  std::string out(pattern);
  if (const auto place = out.find("{}"); place != std::string::npos) out.replace(place, 2, word);
  return out;
}

}  // namespace

fact::Hardening run_checks(const Catalogue& catalogue, const Source& source, Time now) {
  fact::Hardening out;
  out.catalogue = catalogue.digest;
  Judge judge(source, now);
  for (const Check& check : catalogue.checks) out.results.push_back(judge.judge(check));
  return out;
}

fact::CheckResult run_check(const Check& check, const Source& source, Time now) {
  return Judge(source, now).judge(check);
}

Text reason_of(const fact::CheckResult& result) {
  if (!result.reason) return {};
  const std::string word = result.file ? *result.file : result.found.value_or("");
  for (const Reason& reason : reasons) {
    if (reason.name == *result.reason) return {filled(reason.vi, word), filled(reason.en, word)};
  }
  return {*result.reason, *result.reason};
}

}  // namespace luy::hardening
