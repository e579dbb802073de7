#include "bench/log_lines.h"

#include <cmath>
#include <ctime>

#include "base/clock.h"
#include "base/id.h"

namespace luy::bench {
namespace {

constexpr std::size_t agencies = 40;
constexpr std::size_t hosts_count = 600;
constexpr std::string_view kinds[] = {
    "/var/log/auth.log", "/var/log/audit/audit.log", "/var/log/nginx/access.log", "/var/log/kern.log",
    "journal",           "windows/Security"};
// Which of them a name chooses.
constexpr std::pair<std::string_view, std::string_view> choices[] = {
    {"syslog", "034"}, {"audit", "1"}, {"web", "2"}, {"windows", "5"}};
constexpr std::string_view executables[] = {"C:\\\\Windows\\\\System32\\\\svchost.exe",
                                            "C:\\\\Windows\\\\System32\\\\cmd.exe",
                                            "C:\\\\Windows\\\\explorer.exe",
                                            "C:\\\\Windows\\\\System32\\\\conhost.exe",
                                            "C:\\\\Windows\\\\System32\\\\taskhostw.exe",
                                            "C:\\\\Program Files\\\\Mozilla Firefox\\\\firefox.exe",
                                            "C:\\\\Windows\\\\System32\\\\WindowsPowerShell\\\\v1.0\\\\powershell.exe"};
constexpr std::string_view agents[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "curl/7.88.1", "python-requests/2.31.0"};
constexpr std::string_view programs[] = {"/usr/bin/apt-get", "/usr/bin/dpkg",  "/bin/bash",       "/usr/bin/python3.11",
                                         "/usr/bin/curl",    "/usr/sbin/cron", "/usr/bin/passwd", "/usr/bin/ssh"};

std::string hex(std::uint64_t value, int digits) {
  constexpr std::string_view alphabet = "0123456789abcdef";
  std::string out(static_cast<std::size_t>(digits), '0');
  for (std::size_t i = out.size(); i-- > 0; value >>= 4U) out[i] = alphabet[value & 15U];
  return out;
}

}  // namespace

LogLines::LogLines(std::uint64_t seed, std::string_view kinds_wanted) : random_(seed) {
  std::string_view wanted = "012345";
  for (const auto& [name, chosen] : choices) {
    if (name == kinds_wanted) wanted = chosen;
  }
  std::vector<std::string> agency_ids;
  const Time born = from_micros(1'780'000'000'000'000);
  for (std::size_t i = 0; i < agencies; ++i) agency_ids.push_back(make_id_text(born, random_));
  constexpr std::string_view roles[] = {"web", "db", "mail", "fw", "proxy", "dc", "file", "app", "pc", "vpn"};
  for (std::size_t i = 0; i < hosts_count; ++i) {
    hosts_.push_back(std::string(roles[below(std::size(roles))]) + std::to_string(10 + below(90)) + ".xa" +
                     std::to_string(10 + i % agencies) + ".bimson.local");
    const std::string device = agency_ids[i % agencies] + "/" + make_id_text(born, random_) + "/";
    for (int kind = 0; kind < static_cast<int>(std::size(kinds)); ++kind) {
      if (wanted.find(static_cast<char>('0' + kind)) == std::string_view::npos) continue;
      streams_.push_back({device + std::string(kinds[kind]), i, kind});
    }
  }
  for (int i = 0; i < 2000; ++i) users_.push_back("nv" + std::to_string(1000 + below(9000)) + hex(below(4096), 3));
  const auto dotted = [&](std::uint64_t a) {
    return std::to_string(a) + "." + std::to_string(below(256)) + "." + std::to_string(below(256)) + "." +
           std::to_string(1 + below(254));
  };
  for (int i = 0; i < 3000; ++i) inside_.push_back(dotted(10));
  for (int i = 0; i < 60'000; ++i) outside_.push_back(dotted(20 + below(190)));
  for (int i = 0; i < 500; ++i) pages_.push_back("/dich-vu-cong/" + hex(below(1ULL << 32U), 8) + "/ho-so");
}

std::size_t LogLines::skewed(std::size_t n) {
  const double u = static_cast<double>(random_.next() >> 11U) * 0x1p-53;
  return static_cast<std::size_t>(std::exp(u * std::log(static_cast<double>(n) + 1)) - 1) % n;
}

const LogLines::Stream& LogLines::next_stream() {
  return streams_[skewed(streams_.size())];
}

void LogLines::put_time(std::string& out, bool iso) {
  const std::string text = to_rfc3339(from_micros(static_cast<std::int64_t>(micros_)));
  if (iso) {
    out += text;
    return;
  }
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto month = static_cast<std::size_t>((text[5] - '0') * 10 + (text[6] - '0') - 1);
  out += months.substr(month * 3, 3);
  out += text[8] == '0' ? "  " + text.substr(9, 1) : " " + text.substr(8, 2);
  out += ' ' + text.substr(11, 8);
}

void LogLines::put_head(const Stream& stream, std::string_view program, std::string& out) {
  put_time(out, false);
  out += ' ' + hosts_[stream.host] + ' ' + std::string(program) + '[' + std::to_string(300 + below(30'000)) + "]: ";
}

void LogLines::put_sshd(const Stream& stream, std::string& out) {
  put_head(stream, "sshd", out);
  const std::string port = " port " + std::to_string(1024 + below(60'000)) + " ssh2";
  const std::string& user = users_[skewed(users_.size())];
  switch (below(5)) {
    case 0:
      out += "Accepted publickey for " + user + " from " + address() + port +
             ": ED25519 SHA256:" + hex(random_.next(), 16) + hex(random_.next(), 16);
      break;
    case 1:
      out += "Failed password for invalid user " + user + " from " + address() + port;
      break;
    case 2:
      out += "Failed password for " + user + " from " + address() + port;
      break;
    case 3:
      out += "pam_unix(sshd:session): session opened for user " + user + "(uid=" + std::to_string(1000 + below(2000)) +
             ") by (uid=0)";
      break;
    default:
      out += "Disconnected from user " + user + " " + address() + " port " + std::to_string(1024 + below(60'000));
  }
}

void LogLines::put_audit(std::string& out) {
  const std::string stamp = std::to_string(micros_ / 1'000'000) + "." + std::to_string(100 + micros_ / 1000 % 900) +
                            ":" + std::to_string(++serial_);
  const std::string_view program = programs[skewed(std::size(programs))];
  const std::string pid = std::to_string(300 + below(60'000));
  const std::string uid = std::to_string(below(3) == 0 ? 0 : 1000 + below(500));
  out += "type=SYSCALL msg=audit(" + stamp +
         "): arch=c000003e syscall=59 success=yes exit=0 a0=" + hex(below(1ULL << 44U), 12) +
         " a1=" + hex(below(1ULL << 44U), 12) + " a2=" + hex(below(1ULL << 44U), 12) +
         " a3=8 items=2 ppid=" + std::to_string(300 + below(60'000)) + " pid=" + pid + " auid=" + uid + " uid=" + uid +
         " gid=" + uid + " euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts" + std::to_string(below(8)) +
         " ses=" + std::to_string(below(400)) + " comm=\"" + std::string(program.substr(program.rfind('/') + 1)) +
         "\" exe=\"" + std::string(program) + "\" key=\"exec\"";
}

void LogLines::put_web(std::string& out) {
  constexpr std::string_view codes[] = {"200", "200", "200", "304", "302", "404", "500"};
  out += address() + " - - [";
  put_time(out, true);
  out += "] \"" + std::string(below(4) == 0 ? "POST " : "GET ") + pages_[skewed(pages_.size())] +
         "?id=" + std::to_string(below(1'000'000)) + " HTTP/1.1\" " + std::string(codes[skewed(std::size(codes))]) +
         ' ' + std::to_string(200 + below(40'000)) + " \"https://dichvucong.bimson.local" +
         pages_[skewed(pages_.size())] + "\" \"" + std::string(agents[skewed(std::size(agents))]) + "\"";
}

void LogLines::put_firewall(const Stream& stream, std::string& out) {
  put_time(out, false);
  out += ' ' + hosts_[stream.host] + " kernel: [" + std::to_string(micros_ / 1'000'000 % 10'000'000) + "." +
         std::to_string(100'000 + micros_ % 900'000) +
         "] [UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:" + hex(stream.host, 2) +
         ":9c:01:52:54:00:aa:bb:cc:08:00 SRC=" + address() + " DST=" + inside_[stream.host] +
         " LEN=" + std::to_string(40 + below(60)) + " TOS=0x00 PREC=0x00 TTL=" + std::to_string(40 + below(90)) +
         " ID=" + std::to_string(below(65'536)) + " DF PROTO=TCP SPT=" + std::to_string(1024 + below(64'000)) +
         " DPT=" + std::to_string(skewed(9000)) + " WINDOW=" + std::to_string(1024 * (1 + below(64))) +
         " RES=0x00 SYN URGP=0";
}

void LogLines::put_system(const Stream& stream, std::string& out) {
  const std::string& user = users_[skewed(users_.size())];
  switch (below(4)) {
    case 0:
      put_head(stream, "CRON", out);
      out += "(root) CMD (   cd / && run-parts --report /etc/cron.hourly)";
      break;
    case 1:
      put_head(stream, "systemd", out);
      out += "Started session-" + std::to_string(below(100'000)) + ".scope - Session " +
             std::to_string(below(100'000)) + " of User " + user + ".";
      break;
    case 2:
      put_head(stream, "sudo", out);
      out += user + " : TTY=pts/" + std::to_string(below(9)) + " ; PWD=/home/" + user +
             " ; USER=root ; COMMAND=" + std::string(programs[skewed(std::size(programs))]) + " update";
      break;
    default:
      put_head(stream, "postfix/smtpd", out);
      out += hex(random_.next(), 10) + ": client=unknown[" + address() + "], sasl_method=LOGIN, sasl_username=" + user +
             "@bimson.gov.vn";
  }
}

// As the event log's XML becomes JSON in the usual shippers: logons and starts of processes.
void LogLines::put_windows(const Stream& stream, std::string& out) {
  const bool logon = below(3) != 0;
  out += "{\"@timestamp\":\"";
  put_time(out, true);
  out +=
      "\",\"winlog\":{\"channel\":\"Security\",\"provider_name\":\"Microsoft-Windows-Security-Auditing\",\"event_"
      "id\":" +
      std::string(logon ? "4624" : "4688") + ",\"task\":\"" + (logon ? "Logon" : "Process Creation") +
      "\",\"record_id\":" + std::to_string(++serial_) + ",\"computer_name\":\"" + hosts_[stream.host] +
      "\",\"process\":{\"pid\":" + std::to_string(4 * (100 + below(3000))) +
      ",\"thread\":{\"id\":" + std::to_string(4 * (100 + below(3000))) + "}},\"event_data\":{";
  logon ? put_windows_logon(out) : put_windows_process(out);
}

void LogLines::put_windows_logon(std::string& out) {
  const std::size_t user = skewed(users_.size());
  out +=
      "\"SubjectUserSid\":\"S-1-5-18\",\"SubjectUserName\":\"-\",\"SubjectDomainName\":\"-\",\"SubjectLogonId\":"
      "\"0x0\","
      "\"TargetUserSid\":\"S-1-5-21-1417526498-3218973901-2051334519-" +
      std::to_string(1100 + user) + "\",\"TargetUserName\":\"" + users_[user] +
      "\",\"TargetDomainName\":\"BIMSON\",\"TargetLogonId\":\"0x" + hex(below(1ULL << 32U), 8) + "\",\"LogonType\":\"" +
      std::to_string(below(4) == 0 ? 10 : 3) +
      "\",\"LogonProcessName\":\"Kerberos\",\"AuthenticationPackageName\":\"Kerberos\",\"WorkstationName\":\"-\","
      "\"LogonGuid\":\"{" +
      hex(below(1ULL << 32U), 8) + "-" + hex(below(65'536), 4) + "-" + hex(below(65'536), 4) + "-" +
      hex(below(65'536), 4) + "-" + hex(below(1ULL << 48U), 12) + "}\",\"KeyLength\":\"0\",\"ProcessId\":\"0x0\"," +
      "\"ProcessName\":\"-\",\"IpAddress\":\"" + inside_[skewed(inside_.size())] + "\",\"IpPort\":\"" +
      std::to_string(49'152 + below(16'000)) +
      "\",\"ImpersonationLevel\":\"%%1833\",\"ElevatedToken\":\"%%1842\"}},\"message\":\"An account was successfully "
      "logged "
      "on.\\r\\n\\r\\nSubject:\\r\\n\\tSecurity ID:\\t\\tS-1-5-18\\r\\n\\tAccount Name:\\t\\t-\\r\\n\\r\\nNew "
      "Logon:\\r\\n\\tAccount Name:\\t\\t" +
      users_[user] +
      "\\r\\n\\tAccount Domain:\\t\\tBIMSON\\r\\n\\r\\nThis event is generated when a logon session is "
      "created. It is generated on the computer that was accessed.\"}";
}

void LogLines::put_windows_process(std::string& out) {
  const std::string_view program = executables[skewed(std::size(executables))];
  const std::string_view parent = executables[skewed(std::size(executables))];
  const std::string& user = users_[skewed(users_.size())];
  const std::string pid = "0x" + hex(4 * (100 + below(5000)), 4);
  out += "\"SubjectUserName\":\"" + user + "\",\"SubjectDomainName\":\"BIMSON\",\"SubjectLogonId\":\"0x" +
         hex(below(1ULL << 32U), 8) + "\",\"NewProcessId\":\"" + pid + "\",\"NewProcessName\":\"" +
         std::string(program) + "\",\"TokenElevationType\":\"%%1936\",\"ProcessId\":\"0x" +
         hex(4 * (100 + below(5000)), 4) + "\",\"CommandLine\":\"\\\"" + std::string(program) +
         "\\\" -k netsvcs -p -s " + std::to_string(below(900)) + "\",\"ParentProcessName\":\"" + std::string(parent) +
         "\",\"MandatoryLabel\":\"S-1-16-8192\"}},\"message\":\"A new process has been created.\\r\\n\\r\\nCreator "
         "Subject:\\r\\n\\tAccount Name:\\t\\t" +
         user + "\\r\\n\\r\\nProcess Information:\\r\\n\\tNew Process ID:\\t\\t" + pid +
         "\\r\\n\\tNew Process Name:\\t" + std::string(program) + "\\r\\n\"}";
}

void LogLines::line(const Stream& stream, std::string& out) {
  micros_ += 20 + below(400);
  out.clear();
  switch (stream.kind) {
    case 0:
      return put_sshd(stream, out);
    case 1:
      return put_audit(out);
    case 2:
      return put_web(out);
    case 3:
      return put_firewall(stream, out);
    case 5:
      return put_windows(stream, out);
    default:
      return put_system(stream, out);
  }
}

}  // namespace luy::bench
