#include "indicator/free_text.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "base/utf8.h"

namespace luy::indicator {
namespace {

// What stands for a dot, a colon or an at sign that somebody broke on purpose; no such bytes are in the text itself.
constexpr char broken_dot = '\x01';
constexpr char broken_colon = '\x02';
constexpr char broken_at = '\x03';
constexpr std::size_t broken_bytes_max = 8;  // Of what stands between brackets.
constexpr std::size_t shown_bytes_max = 200;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_word(char c) {
  return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// What "[.]", "(dot)", "[:]" … stands for; empty when the bracket is only a bracket. `length` takes in both brackets.
std::string_view meant_by_bracket(std::string_view text, std::size_t& length) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> table = {{{".", "\x01"},
                                                                                   {"dot", "\x01"},
                                                                                   {"chấm", "\x01"},
                                                                                   {"cham", "\x01"},
                                                                                   {":", "\x02"},
                                                                                   {"://", "\x02//"},
                                                                                   {"/", "/"},
                                                                                   {"@", "\x03"},
                                                                                   {"at", "\x03"}}};
  const char close = text.front() == '[' ? ']' : text.front() == '(' ? ')' : '}';
  const std::size_t end = text.substr(0, broken_bytes_max).find(close);
  if (end == std::string_view::npos) return {};
  const std::string inside = lower(trimmed(text.substr(1, end - 1)));
  for (const auto& [written, meant] : table) {
    if (written != inside) continue;
    length = end + 1;
    return meant;
  }
  return {};
}

// Control characters become blanks, what was broken is marked; "evil [.] example" is one word again.
std::string marked(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    std::size_t length = 0;
    const bool opens = c == '[' || c == '(' || c == '{';
    const std::string_view meant = opens ? meant_by_bracket(text.substr(i), length) : std::string_view();
    if (meant.empty()) {
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
      ++i;
      continue;
    }
    if (out.size() >= 2 && out.back() == ' ' && is_word(out[out.size() - 2])) out.pop_back();
    out += meant;
    i += length;
    if (i + 1 < text.size() && text[i] == ' ' && is_word(text[i + 1])) ++i;
  }
  return out;
}

// Bytes of the separator at the front: blanks, quotes, commas, and what word processors put for them.
std::size_t separator(std::string_view text) {
  constexpr std::string_view plain = " \"'<>,;|`\\*\x7f";
  if (plain.find(text.front()) != std::string_view::npos) return 1;
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  // U+00A0, U+00AB, U+00BB.
  if (at(0) == 0xc2 && (at(1) == 0xa0 || at(1) == 0xab || at(1) == 0xbb)) return 2;
  // General punctuation, U+2000 to U+206F: dashes, quotes, bullets, blanks without a width.
  if (at(0) == 0xe2 && (at(1) == 0x80 || (at(1) == 0x81 && at(2) <= 0xaf))) return 3;
  // U+3000 to U+3002, U+FEFF, U+FF0C.
  if (at(0) == 0xe3 && at(1) == 0x80 && at(2) <= 0x82) return 3;
  if (at(0) == 0xef && ((at(1) == 0xbb && at(2) == 0xbf) || (at(1) == 0xbc && at(2) == 0x8c))) return 3;
  return 0;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_ipv4(std::string_view text) {
  return std::count(text.begin(), text.end(), '.') == 3 &&
         text.find_first_not_of("0123456789./") == std::string_view::npos;
}

// Addresses inside of every network (RFC 1918, RFC 3927, RFC 6598, RFC 4193, RFC 4291): they name no attacker.
bool is_inside(std::string_view value) {
  constexpr std::string_view fronts[] = {"10.", "192.168.", "169.254.", "fe80:", "fc", "fd"};
  const bool is_v6 = value.find(':') != std::string_view::npos;
  for (const std::string_view front : fronts) {
    const bool is_front_v6 = front.front() == 'f';
    if (is_v6 == is_front_v6 && value.starts_with(front)) return true;
  }
  if (is_v6) return false;
  const std::size_t dot = value.find('.');
  int second = 0;
  for (std::size_t i = dot + 1; i < value.size() && is_digit(value[i]); ++i) second = second * 10 + (value[i] - '0');
  return (value.starts_with("172.") && second >= 16 && second <= 31) ||
         (value.starts_with("100.") && second >= 64 && second <= 127);
}

// Names as machines resolve them: labels of letters, digits and hyphens, the last of letters or of an encoded name.
bool is_name(std::string_view text) {
  if (text.size() > 253 || text.find('.') == std::string_view::npos) return false;
  std::string_view last;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('.', from), text.size());
    last = text.substr(from, end - from);
    const auto fits = [](char c) { return is_word(c) || c == '-' || c == '_'; };
    if (last.empty() || last.size() > 63 || last.front() == '-' || last.back() == '-') return false;
    if (!std::all_of(last.begin(), last.end(), fits)) return false;
    from = end + 1;
  }
  const auto is_letter = [](char c) { return is_word(c) && !is_digit(c); };
  return last.size() >= 2 && (std::all_of(last.begin(), last.end(), is_letter) || last.starts_with("xn--"));
}

bool is_file_name(std::string_view text) {
  static const std::set<std::string_view> extensions = {
      "apk", "asp",  "aspx", "bat",  "bin",  "bmp",  "cab",  "cfg", "cmd", "conf", "cpl",  "csv", "dat",
      "dll", "doc",  "docm", "docx", "elf",  "exe",  "gif",  "gz",  "hta", "htm",  "html", "ini", "iso",
      "jar", "jpeg", "jpg",  "js",   "json", "jsp",  "lnk",  "log", "msi", "ocx",  "odt",  "pdf", "php",
      "png", "ppt",  "pptx", "ps1",  "py",   "rar",  "rtf",  "scr", "sh",  "sys",  "tar",  "tmp", "txt",
      "vba", "vbe",  "vbs",  "wsf",  "xls",  "xlsm", "xlsx", "xml", "yml", "zip"};
  return extensions.contains(text.substr(text.rfind('.') + 1));
}

// The State's own names stand in every letter as the sender's.
bool is_of_state(std::string_view name) {
  return name == "gov.vn" || name.ends_with(".gov.vn");
}

class Finder {
 public:
  Result<void> take(std::string_view token) {
    std::string word;
    bool is_broken = false;
    for (const char c : token) {
      is_broken = is_broken || c == broken_dot || c == broken_colon || c == broken_at;
      word += c == broken_dot ? '.' : c == broken_colon ? ':' : c == broken_at ? '@' : c;
    }
    if (word.size() > value_bytes_max) {
      refuse(word, "quá dài", "too long");
      return {};
    }
    if (const std::size_t scheme = word.find("://"); scheme != std::string::npos) {
      take_url(word, scheme, is_broken);
    } else {
      std::string_view rest = word;
      for (std::size_t end = 0; end != std::string_view::npos; rest.remove_prefix(std::min(end + 1, rest.size()))) {
        end = rest.find('=');
        take_word(rest.substr(0, end), is_broken, true);
        if (end == std::string_view::npos) break;
      }
    }
    if (out_.atoms.size() > free_text_atoms_max) return Error(list_too_large, std::to_string(free_text_atoms_max));
    return {};
  }
  FoundInText done() { return std::move(out_); }

 private:
  static std::string_view stripped(std::string_view word) {
    constexpr std::string_view front = "([{.:-_+#/", back = ")]}.,:;!?-/";
    while (!word.empty() && front.find(word.front()) != std::string_view::npos) word.remove_prefix(1);
    while (!word.empty() && back.find(word.back()) != std::string_view::npos) word.remove_suffix(1);
    return word;
  }

  void refuse(std::string_view what, const char* vi, const char* en) {
    if (out_.refused.size() >= free_text_refused_max) return;
    const std::string shown(utf8_front(what, shown_bytes_max));
    if (told_.insert(shown).second) out_.refused.push_back({shown, vi, en});
  }

  void keep(Type type, std::string_view text) {
    auto atom = make_atom(type, text);
    if (atom && known_.emplace(atom->type, atom->value).second) out_.atoms.push_back(*std::move(atom));
  }

  // Whether the host of a URL, or a word, can be an indicator; says why not.
  bool is_fit(std::string_view host, std::string_view shown, bool is_broken) {
    if (const auto address = make_atom(Type::address, host)) {
      if (!is_inside(address->value)) return true;
      refuse(shown, "địa chỉ nội bộ, mạng nào cũng có", "an address inside of every network");
      return false;
    }
    if (!is_name(host)) return false;
    if (is_broken || !is_of_state(lower(host))) return true;
    refuse(shown, "tên miền .gov.vn viết nguyên dạng thường là của nơi gửi; nếu đúng là dấu hiệu, viết gov[.]vn",
           "a .gov.vn name in plain writing is mostly the sender's; if it is an indicator, write gov[.]vn");
    return false;
  }

  void take_url(std::string_view word, std::size_t at, bool is_broken) {
    std::size_t begin = at;
    while (begin > 0 && (is_word(word[begin - 1]) || word[begin - 1] == '+')) --begin;
    std::string scheme = lower(word.substr(begin, at - begin));
    if (scheme == "hxxp" || scheme == "hxxps" || scheme == "fxp") {
      scheme = scheme == "fxp" ? "ftp" : scheme == "hxxp" ? "http" : "https";
      is_broken = true;
    }
    if (scheme != "http" && scheme != "https" && scheme != "ftp") {
      return refuse(word, "giao thức chưa dùng được", "this scheme cannot be used");
    }
    std::string_view rest = word.substr(at + 3);
    constexpr std::string_view back = ")]}.,:;!?";
    while (!rest.empty() && back.find(rest.back()) != std::string_view::npos) rest.remove_suffix(1);
    std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
    if (const std::size_t user = host.rfind('@'); user != std::string_view::npos) host.remove_prefix(user + 1);
    if (const std::size_t port = host.rfind(':'); port != std::string_view::npos) host = host.substr(0, port);
    const std::string url = scheme + "://" + std::string(rest);
    if (!make_atom(Type::address, host) && !is_name(host)) {
      return refuse(word, "không rõ máy chủ trong địa chỉ web", "the host of the URL is unclear");
    }
    if (is_fit(host, url, is_broken)) keep(Type::url, url);
  }

  void take_word(std::string_view word, bool is_broken, bool may_split) {
    word = stripped(word);
    if (word.size() < 4 || !is_ascii(word)) return;
    const auto hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
    if (std::all_of(word.begin(), word.end(), hex)) {
      if (word.size() == 96 || word.size() == 128) {
        return refuse(word, "giá trị băm loại này chưa dùng được", "this kind of hash cannot be used");
      }
      return keep(Type::hash, word);
    }
    if (word.find('@') != std::string_view::npos) {
      const bool is_mail = make_atom(Type::email, word).has_value();
      if (is_mail) refuse(word, "thư điện tử không lấy tự động", "e-mail addresses are not taken by themselves");
      return;
    }
    if (is_ipv4(word) || std::count(word.begin(), word.end(), ':') >= 2) {
      const bool is_address = make_atom(Type::address, word).has_value();
      if (is_address && is_fit(word, word, is_broken)) keep(Type::address, word);
      if (is_address || is_ipv4(word)) return;
    }
    if (const std::size_t colon = word.rfind(':'); colon != std::string_view::npos)
      return split(word, colon, is_broken, may_split);
    if (const std::size_t slash = word.find('/'); slash != std::string_view::npos) {
      const std::string_view host = word.substr(0, slash);
      if (is_name(host) || (is_ipv4(host) && make_atom(Type::address, host))) {
        refuse(word, "thiếu http:// ở đầu; hoặc chỉ ghi tên miền, địa chỉ",
               "begin it with http://, or name the host alone");
      }
      return;
    }
    take_name(word, is_broken);
  }

  // "198.51.100.7:8080" and "evil.example:443" are a machine, "MD5:…" and "IP:…" say what follows.
  void split(std::string_view word, std::size_t colon, bool is_broken, bool may_split) {
    if (!may_split) return;
    const std::string_view after = word.substr(colon + 1);
    const bool is_port = after.size() <= 5 && std::all_of(after.begin(), after.end(), is_digit);
    take_word(is_port ? word.substr(0, colon) : after, is_broken, false);
  }

  void take_name(std::string_view word, bool is_broken) {
    if (!is_name(word)) return;
    if (!is_broken) {
      const std::string_view last = word.substr(word.rfind('.') + 1);
      if (is_file_name(lower(word))) {
        return refuse(word, "giống tên tệp; nếu là tên miền, viết dấu chấm là [.]",
                      "looks like the name of a file; if it is a domain, write its dot as [.]");
      }
      if (std::any_of(last.begin(), last.end(), is_upper)) {
        return refuse(word, "giống chữ viết tắt hoặc hai câu viết liền; nếu là tên miền, viết thường hoặc dùng [.]",
                      "looks like an abbreviation or two sentences; if it is a domain, use small letters or [.]");
      }
    }
    if (is_fit(word, word, is_broken)) keep(Type::domain, word);
  }

  FoundInText out_;
  std::set<std::pair<Type, std::string>> known_;
  std::set<std::string> told_;
};

}  // namespace

Result<FoundInText> find_in_text(std::string_view text) {
  if (text.size() > free_text_bytes_max) return Error(list_too_large, std::to_string(free_text_bytes_max) + " B");
  const std::string clean = marked(to_utf8(text));
  Finder finder;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= clean.size();) {
    const std::size_t length = i < clean.size() ? separator(std::string_view(clean).substr(i)) : 1;
    if (length == 0) {
      ++i;
      continue;
    }
    if (i > begin) LUY_TRY_VOID(finder.take(std::string_view(clean).substr(begin, i - begin)));
    i += length;
    begin = i;
  }
  return finder.done();
}

}  // namespace luy::indicator
