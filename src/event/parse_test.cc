// Goal: whatever the bytes, transport and stream, parse() gives an event that holds them and writes valid JSON.
// Method: hostile records through every route; real lines of other systems where they are at hand.
#include "event/parse.h"

#include <simdjson.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "base/random.h"
#include "base/source_dir.h"
#include "base/utf8.h"
#include "event/parser/expect.h"

namespace luy::event {
namespace {

const std::vector<std::pair<Transport, std::string_view>> everywhere{
    {Transport::journal, "journal"},
    {Transport::file, "/var/log/syslog"},
    {Transport::file, "/var/log/auth.log"},
    {Transport::file, "/var/log/dpkg.log.1"},
    {Transport::file, "/var/log/apt/history.log"},
    {Transport::file, "/var/log/apt/term.log"},
    {Transport::file, "/var/log/audit/audit.log"},
    {Transport::fact, "fact/os"},
    {Transport::syslog, "syslog/192.0.2.1"},
    {Transport::agent, "agent"},
    {Transport::hub, "hub"},
};

void expect_sound(const Event& event, std::string_view raw) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const std::string json = to_json(event);
  ASSERT_EQ(parser.parse(json).get(root), simdjson::SUCCESS) << json.substr(0, 400) << " of " << raw.substr(0, 400);
  EXPECT_TRUE(event.get(Field::event_kind).has_value());
  EXPECT_EQ(event.received, test_context().received);
}

TEST(Parse, KeepsWhatNobodyUnderstands) {
  for (const auto& [transport, stream] : everywhere) {
    if (stream == "/var/log/apt/term.log") continue;  // Takes any line.
    for (const std::string_view raw : {"không ai hiểu", "\xff\xfe\x80", "{\"a\":"}) {
      const Event event = parse(transport, stream, raw, test_context());
      EXPECT_EQ(event.text(Field::event_kind), "pipeline_error") << stream << ' ' << raw;
      EXPECT_EQ(event.text(Field::message), to_utf8(raw)) << stream;
      EXPECT_FALSE(event.text(Field::error_message).empty());
      EXPECT_FALSE(event.time.has_value());
      expect_sound(event, raw);
    }
  }
}

// Who can write a line into a log must not write our audit trail by it.
TEST(Parse, LendsTheNamesOfOurRecordsToNobody) {
  const std::string line = R"({"event.dataset":"luy.audit","event.action":"role_grant","user.name":"chutich"})";
  const struct {
    Transport transport;
    std::string_view stream;
    std::string_view dataset;
  } foreign[] = {{Transport::file, "/var/log/app.json", "json"},
                 {Transport::syslog, "syslog", "json"},
                 {Transport::agent, "agent", "luy.agent"}};
  for (const auto& [transport, stream, dataset] : foreign) {
    const Event event = parse(transport, stream, line, test_context());
    EXPECT_EQ(event.text(Field::event_dataset), dataset) << stream;
    EXPECT_EQ(event.get("labels.claimed_dataset"), "luy.audit") << stream;
    EXPECT_EQ(event.text(Field::user_name), "chutich") << "the line itself is kept";
  }
  const Event own = parse(Transport::hub, "hub/audit", line, test_context());
  EXPECT_EQ(own.text(Field::event_dataset), "luy.audit");
  EXPECT_FALSE(own.get("labels.claimed_dataset"));
}

TEST(Parse, TimesThatCannotBeWrittenAreLeftOut) {
  for (const std::string_view raw :
       {"<13>1 0000-01-01T00:00:00+23:59 h p - - - m", "<13>1 9999-12-31T23:59:59-23:59 h p - - - m"}) {
    const Event event = parse(Transport::syslog, "syslog", raw, test_context());
    EXPECT_EQ(event.text(Field::message), "m");
    EXPECT_FALSE(event.time.has_value()) << raw;
  }
}

TEST(Parse, EveryFrontOfGoodRecordsIsSound) {
  for (const std::string_view good : {
           "<34>1 2003-10-11T22:14:15.003Z m su 7 ID47 [a@1 b=\"c\"] Failed password for x from 192.0.2.7 port 1 ssh2",
           "<34>Oct 11 22:14:15 m sshd[7]: Failed password for invalid user x from 192.0.2.7 port 1 ssh2",
           "type=USER_CMD msg=audit(1795316645.678:5): pid=9 msg='cwd=\"/\" cmd=617074207570 "
           "res=success'\x1dUID=\"an\"",
           "MESSAGE=a\n_PID=1\nX\n\x03\0\0\0\0\0\0\0abc\n",
           "2025-06-24 14:36:25 upgrade a:amd64 1 2",
           "Upgrade: a:amd64 (1, 2)",
           R"({"fact":"os","collected_at":"2026-11-22T03:04:05Z","body":{"id":"debian","list":[1,2]}})",
       }) {
    for (std::size_t size = 0; size <= good.size(); ++size) {
      for (const auto& [transport, stream] : everywhere) {
        expect_sound(parse(transport, stream, good.substr(0, size), test_context()), good.substr(0, size));
      }
    }
  }
}

TEST(Parse, NoiseIsSound) {
  SeededRandom random(4448);
  for (int round = 0; round < 2000; ++round) {
    std::string raw(random.next() % 200, '\0');
    // Half of the bytes from what parsers look for.
    constexpr std::string_view spice = "<>[]{}=:;\"'\\ ,()0123456789JanNov-TZ.\n\x1d";
    for (char& c : raw) {
      const auto number = random.next();
      c = number % 2 == 0 ? spice[(number >> 8) % spice.size()] : static_cast<char>(number >> 8);
    }
    for (const auto& [transport, stream] : everywhere) {
      expect_sound(parse(transport, stream, raw, test_context()), raw);
    }
  }
}

TEST(Parse, LargeHostileRecordsStayBounded) {
  const std::string_view pieces[] = {"a=\"",     "a='b", "msg='",  "[x y=\"", "type=X msg=audit(1.0:1): a=",
                                     "{\"a\":[", "\n",   " from ", " port ",  "(uid=",
                                     "A=1\n",    "<1>",  "=",      ": ",      "00"};
  for (const std::string_view piece : pieces) {
    std::string raw;
    while (raw.size() < 100'000) raw += piece;
    for (const std::string_view front :
         {"", "type=EXECVE msg=audit(1.000:1): ", "<13>1 - h sshd 1 - ", "Nov 22 10:04:05 h sshd[1]: Failed ",
          "Nov 22 10:04:05 h kernel: IN= SRC= ", "Nov 22 10:04:05 h sshd[1]: PAM authentication failure; "}) {
      const std::string record = std::string(front) + raw.substr(front.size());
      for (const auto& [transport, stream] : everywhere) {
        const Event event = parse(transport, stream, record, test_context());
        EXPECT_LE(event.labels().size(), labels_max);
      }
    }
  }
}

// The lines of a gzip file of the shared detection corpus; empty where it is not at hand.
std::vector<std::string> lane(const std::string& name) {
  const std::string path = source_dir() + "/../shared/sigma/" + name;
  std::vector<std::string> out;
  if (access(path.c_str(), R_OK) != 0) return out;
  FILE* pipe = popen(("gzip -dc '" + path + "'").c_str(), "r");
  if (pipe == nullptr) return out;
  char* line = nullptr;
  std::size_t room = 0;
  for (ssize_t size = getline(&line, &room, pipe); size > 0; size = getline(&line, &room, pipe)) {
    out.emplace_back(line, static_cast<std::size_t>(size));
  }
  std::free(line);
  pclose(pipe);
  return out;
}

TEST(SharedCorpus, CiscoLinesAreUnderstood) {
  const auto lines = lane("lane_cisco_syslog.ndjson.gz");
  if (lines.empty()) GTEST_SKIP() << "../shared/sigma is not at hand";
  for (const std::string& line : lines) {
    simdjson::dom::parser parser;
    const std::string_view message = parser.parse(line)["message"];
    const Event event = parse(Transport::syslog, "syslog", message, test_context());
    ASSERT_EQ(event.text(Field::event_code), "AAA-5-USER_LOGGED") << message;
    ASSERT_TRUE(event.time && event.get(Field::host_name)) << message;
  }
}

TEST(SharedCorpus, WindowsEventsAreUnderstood) {
  const struct {
    const char* name;
    std::vector<Field> fields;
  } table[] = {
      {"lane_structured_windows.ndjson.gz",
       {Field::event_code, Field::process_executable, Field::process_parent_executable, Field::user_name,
        Field::host_name}},
      {"lane_sysmon_file_event.ndjson.gz",
       {Field::event_code, Field::process_executable, Field::file_path, Field::event_provider, Field::process_pid}},
      {"lane_correlation.ndjson.gz", {Field::event_action, Field::user_name, Field::source_ip, Field::host_name}},
  };
  std::size_t lines = 0;
  for (const auto& [name, fields] : table) {
    for (const std::string& line : lane(name)) {
      ++lines;
      const Event event = parse(Transport::file, "/var/log/windows.json", line, test_context());
      for (const Field field : fields) ASSERT_TRUE(event.get(field).has_value()) << info_of(field).name << ' ' << line;
    }
  }
  if (lines == 0) GTEST_SKIP() << "../shared/sigma is not at hand";
}

}  // namespace
}  // namespace luy::event
