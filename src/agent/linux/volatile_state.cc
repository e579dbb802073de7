#include "agent/linux/volatile_state.h"

#include <utmpx.h>

#include <cstring>

#include "agent/linux/route_table.h"
#include "agent/linux/socket_table.h"
#include "agent/linux/text.h"
#include "base/json.h"

namespace luy::agent {
namespace {

// A list of objects that stops growing at its limit.
class Section {
 public:
  explicit Section(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  void add(const std::vector<std::pair<std::string_view, std::string>>& fields) {
    std::string one = "{";
    for (const auto& [key, value] : fields) {
      if (one.size() > 1) one += ',';
      append_json_text(one, key);
      one += ':';
      append_json_text(one, std::string_view(value).substr(0, volatile_text_bytes_max));
    }
    cut_ = cut_ || json_.size() + one.size() + 4 > bytes_max_;
    if (cut_) return;
    json_ += json_.size() > 1 ? "," : "";
    json_ += one + '}';
  }
  std::string json() const { return json_ + ']'; }
  bool cut() const { return cut_; }

 private:
  std::size_t bytes_max_;
  std::string json_ = "[";
  bool cut_ = false;
};

void processes_of(const Machine& machine, Section& out) {
  for (const auto& [pid, name] : processes(machine)) {
    const std::string folder = "proc/" + std::to_string(pid);
    const std::string stat = machine.text(folder + "/stat");
    const auto end = stat.rfind(')');
    if (end == std::string::npos) continue;
    const auto fields = words(std::string_view(stat).substr(end + 1));
    if (fields.size() < 20) continue;
    std::string command = machine.text(folder + "/cmdline");
    for (char& c : command) {
      if (c == '\0') c = ' ';
    }
    const std::string status = machine.text(folder + "/status");
    std::string uid;
    for (const std::string_view line : lines(std::string_view(status))) {
      if (const auto rest = after(line, "Uid:")) uid = std::string(words(*rest).empty() ? "" : words(*rest)[0]);
    }
    out.add({{"pid", std::to_string(pid)},
             {"parent", std::string(fields[1])},
             {"start_ticks", std::string(fields[19])},
             {"uid", uid},
             {"name", name},
             {"path", machine.link(folder + "/exe")},
             {"command", std::string(trim(command))}});
  }
}

// "0100007F:1F90" -> "127.0.0.1", "8080"
std::pair<std::string, std::string> end_point(std::string_view text) {
  const auto parts = split(text, ':');
  const auto port = parts.size() == 2 ? number(parts[1], 16) : std::nullopt;
  return {parts.empty() ? std::string() : hex_address(parts[0]), port ? std::to_string(*port) : std::string()};
}

void sockets_of(const Machine& machine, Section& out) {
  for (const std::string protocol : {"tcp", "tcp6", "udp", "udp6"}) {
    const std::string table = machine.text("proc/net/" + protocol);
    for (const std::string_view line : lines(std::string_view(table))) {
      const auto fields = words(line);
      if (fields.size() < 10) continue;
      const auto [local, port] = end_point(fields[1]);
      const auto [remote, remote_port] = end_point(fields[2]);
      if (local.empty()) continue;
      out.add({{"protocol", protocol},
               {"local", local},
               {"local_port", port},
               {"remote", remote},
               {"remote_port", remote_port},
               {"state", std::string(fields[3])},
               {"uid", std::string(fields[7])},
               {"inode", std::string(fields[9])}});
    }
  }
}

// utmp(5). The records of a 64-bit machine with 32-bit times, as glibc writes them.
void logins_of(std::string_view records, Section& out) {
  for (std::size_t at = 0; at + sizeof(utmpx) <= records.size(); at += sizeof(utmpx)) {
    utmpx entry{};
    std::memcpy(&entry, records.data() + at, sizeof entry);
    if (entry.ut_type != USER_PROCESS) continue;
    const auto text = [](const char* field, std::size_t size) { return std::string(field, ::strnlen(field, size)); };
    out.add({{"user", text(entry.ut_user, sizeof entry.ut_user)},
             {"line", text(entry.ut_line, sizeof entry.ut_line)},
             {"from", text(entry.ut_host, sizeof entry.ut_host)},
             {"at", to_rfc3339(Time(std::chrono::seconds(entry.ut_tv.tv_sec)))}});
  }
}

void routes_of(const Machine& machine, Section& out) {
  std::vector<fact::Route> routes = parse_routes4(machine.text("proc/net/route"));
  for (fact::Route& route : parse_routes6(machine.text("proc/net/ipv6_route"))) routes.push_back(std::move(route));
  for (const fact::Route& route : routes) {
    out.add({{"to", route.destination}, {"by", route.gateway}, {"interface", route.interface}});
  }
}

//   IP address  HW type  Flags  HW address  Mask  Device
void neighbours_of(const Machine& machine, Section& out) {
  const std::string table = machine.text("proc/net/arp");
  for (const std::string_view line : lines(std::string_view(table))) {
    const auto fields = words(line);
    if (fields.size() != 6 || fields[0] == "IP") continue;
    out.add({{"address", std::string(fields[0])},
             {"hardware", std::string(fields[3])},
             {"flags", std::string(fields[2])},
             {"interface", std::string(fields[5])}});
  }
}

}  // namespace

std::string collect_volatile(const Machine& machine) {
  Section running(volatile_bytes_max / 2);
  Section sockets(volatile_bytes_max / 4);
  Section users(volatile_bytes_max / 32);
  Section routes(volatile_bytes_max / 16);
  Section neighbours(volatile_bytes_max / 16);
  Section logins(volatile_bytes_max / 16);
  processes_of(machine, running);
  sockets_of(machine, sockets);
  logins_of(machine.text("run/utmp"), users);
  routes_of(machine, routes);
  neighbours_of(machine, neighbours);
  if (const auto newest = machine.newest_records("var/log/wtmp", sizeof(utmpx)); newest && *newest) {
    const std::size_t keep = volatile_logins_max * sizeof(utmpx);
    const std::string_view all = **newest;
    logins_of(all.size() > keep ? all.substr(all.size() - keep) : all, logins);
  }
  std::string out = "{\"volatile\":1,\"at\":\"" + to_rfc3339(machine.clock.now()) + "\",\"sections\":{";
  std::string cut;
  bool first = true;
  const auto add = [&](std::string_view name, const Section& section) {
    out += std::string(first ? "\"" : ",\"") + std::string(name) + "\":" + section.json();
    first = false;
    if (section.cut()) cut += std::string(cut.empty() ? "\"" : ",\"") + std::string(name) + '"';
  };
  add("processes", running);
  add("sockets", sockets);
  add("users", users);
  add("routes", routes);
  add("neighbours", neighbours);
  add("logins", logins);
  return out + "},\"cut\":[" + cut + "]}";
}

}  // namespace luy::agent
