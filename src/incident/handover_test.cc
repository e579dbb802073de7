// Goal: a package for the police holds what was chosen and nothing else, verifies with plain tools, is noted with its
// hash, and is refused with the reason where the chain of custody, the paper or the logs do not allow it.
// Method: a real book and vault; the evidence is a stand-in that writes two files; the ZIP is unpacked by `unzip`.
#include "incident/handover.h"

#include <cstdlib>
#include <fstream>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "incident/book_fixture.h"
#include "incident/zip_file.h"

namespace luy::incident {
namespace {

namespace fs = std::filesystem;

struct HandoverTest : BookTest {
  HandoverTest()
      : desk({*book, vault, clock, random, [](const AgencyId&) { return std::string("Văn phòng"); },
              [](const DeviceId&) { return std::string("FS-01"); }, [this] { return stored; },
              [this](const AgencyId& of, const EventSpan& span, const TakeFile& take) -> Result<ExportedEvents> {
                asked.push_back({of, span});
                if (meanwhile) meanwhile();
                LUY_TRY_VOID(take("records.tsv", "7\tmột bản ghi\n"));
                LUY_TRY_VOID(take("records/7.leaf", "leaf"));
                return exported;
              }}),
        one(*book->open(officer, wanted())) {
    for (Day day = day_of(clock.now()) - days(3); day <= day_of(clock.now()); day += days(1)) stored.push_back(day);
  }

  Part evidence(const std::string& name, const std::string& taken_by, json::object more = {}) {
    more["name"] = name;
    more["taken_by"] = taken_by;
    more["taken_at"] = to_rfc3339(clock.now() - 1h);
    if (!more.contains("attachment")) more.emplace("sha256", std::string(64, 'a'));
    return *book->add_part(officer, one.id, PartKind::evidence, more);
  }
  HandoverWanted to_police() { return {"Công an phường Bỉm Sơn"}; }
  EventSpan span() { return {clock.now() - 24h, clock.now()}; }
  static std::string text(const json::object& body, const char* key) {
    return std::string(body.at(key).as_string().c_str());
  }

  Part handed(const Part& evidence, const std::string& from, const std::string& to) {
    return *book->add_part(officer, one.id, PartKind::custody,
                           {{"evidence", evidence.id.text()},
                            {"from", from},
                            {"to", to},
                            {"handed_at", to_rfc3339(clock.now())},
                            {"purpose", "Lập hồ sơ"}});
  }
  std::size_t files_kept() const {
    std::size_t out = 0;
    for (const auto& each : fs::recursive_directory_iterator(folder.path / "files")) out += each.is_regular_file();
    return out;
  }

  // The package unpacked; checks it as the README says.
  fs::path unpacked(const Part& part) {
    const fs::path out = folder.path / text(part.body, "sha256");
    fs::create_directories(out);
    std::ofstream(out.string() + ".zip", std::ios::binary) << *vault.get(text(part.body, "sha256"));
    EXPECT_EQ(shell("cd " + out.string() + " && unzip -q ../" + out.filename().string() + ".zip"), 0);
    EXPECT_EQ(shell("cd " + out.string() + " && sha256sum --quiet -c SHA256SUMS"), 0);
    return out;
  }
  static int shell(const std::string& command) { return std::system(("{ " + command + "; } >/dev/null 2>&1").c_str()); }
  static std::string read(const fs::path& file) { return *read_file(file, 1 << 20); }

  std::vector<Day> stored;
  ExportedEvents exported{1, 0, true};
  std::vector<std::pair<AgencyId, EventSpan>> asked;
  std::function<void()> meanwhile;  // While the logs are read.
  HandoverDesk desk;
  Case one;
};

bool has_tools() {
  return HandoverTest::shell("command -v unzip && command -v sha256sum") == 0;
}

TEST_F(HandoverTest, HoldsWhatWasChosenAndVerifies) {
  if (!has_tools()) GTEST_SKIP() << "needs unzip and sha256sum";
  const Part file = *book->attach(officer, one.id, "ảnh màn hình.png", "\x89PNG\r\n\x1a\n0123");
  ASSERT_TRUE(book->attach(officer, one.id, "không liên quan.txt", "văn bản"));
  const Part disk = evidence("Ổ đĩa FS-01", officer.name, {{"attachment", file.id.text()}});
  const Part memory = evidence("=Bộ nhớ", "Kỹ thuật viên");
  ASSERT_TRUE(book->add_part(officer, one.id, PartKind::custody,
                             {{"evidence", memory.id.text()},
                              {"from", "Kỹ thuật viên"},
                              {"to", officer.name},
                              {"handed_at", to_rfc3339(clock.now())},
                              {"purpose", "Lập hồ sơ"},
                              {"seal_intact", true}}));
  HandoverWanted wanted_now = to_police();
  wanted_now.evidence = {disk.id, memory.id};
  wanted_now.events = span();
  const DeviceId fs01 = DeviceId::make(clock.now(), random);
  wanted_now.events->devices = {fs01};
  const auto made = desk.make(officer, one.id, wanted_now);
  ASSERT_TRUE(made) << made.error().text();
  const fs::path out = unpacked(*made);
  const std::string csv = read(out / "chuoi-giao-nhan.csv");
  EXPECT_TRUE(csv.starts_with("\xef\xbb\xbf\"STT\""));
  EXPECT_NE(csv.find("\"Giao nhận\",\"Kỹ thuật viên\",\"Lê Văn Cường\""), std::string::npos) << csv;
  EXPECT_NE(csv.find("\"'=Bộ nhớ\""), std::string::npos) << "no formula";
  const json::value custody = json::parse(read(out / "chuoi-giao-nhan.json"));
  EXPECT_EQ(custody.at("evidence").as_array().size(), 2U);
  EXPECT_EQ(custody.at("evidence").at(1).at("holder").as_string(), "Lê Văn Cường");
  EXPECT_EQ(custody.at("evidence").at(0).at("file").as_string(), "tep-dinh-kem/01-ảnh màn hình.png");
  EXPECT_EQ(read(out / "tep-dinh-kem" / "01-ảnh màn hình.png"), "\x89PNG\r\n\x1a\n0123");
  const fs::directory_iterator chosen(out / "tep-dinh-kem");
  EXPECT_EQ(std::distance(begin(chosen), end(chosen)), 1) << "not of what was chosen";
  EXPECT_EQ(read(out / "nhat-ky" / "records.tsv"), "7\tmột bản ghi\n");
  const std::string readme = read(out / "README.txt");
  EXPECT_NE(readme.find("sha256sum -c SHA256SUMS"), std::string::npos);
  EXPECT_NE(readme.find("luy evidence verify --package nhat-ky --key"), std::string::npos);
  EXPECT_NE(readme.find(one.number), std::string::npos);
  EXPECT_EQ(asked.front().first, agency);
  EXPECT_TRUE(fs::is_empty(vault.scratch())) << "nothing is left lying about";

  EXPECT_EQ(made->body.at("records").to_number<int>(), 1);
  EXPECT_EQ(made->body.at("days").as_array().size(), 2U);
  const json::object told{
      {"from", to_rfc3339(clock.now() - 24h)}, {"to", to_rfc3339(clock.now())}, {"devices", json::array{fs01.text()}}};
  EXPECT_EQ(made->body.at("events"), told) << "what was exported can be told later";
  for (const json::value& each : made->body.at("files").as_array()) {
    const std::string name = std::string(each.at("name").as_string().c_str());
    EXPECT_FALSE(name.starts_with("nhat-ky/records/")) << name;
    EXPECT_EQ(std::string(each.at("sha256").as_string().c_str()), to_hex(sha256(read(out / name)))) << name;
  }
  const CaseFile after = *book->file(one.id);
  EXPECT_EQ(after.timeline.back().kind, "handover");
  EXPECT_EQ(text(after.timeline.back().data, "sha256"), text(made->body, "sha256"));
  EXPECT_EQ(after.timeline.back().act, text(made->body, "act"));
  EXPECT_NE(sink.records.back().json.find(text(made->body, "sha256")), std::string::npos)
      << "the audit trail has the hash";
  EXPECT_NE(sink.records.back().json.find(fs01.text()), std::string::npos) << "and what was exported";

  HandoverWanted all = to_police();
  const auto whole = desk.make(officer, one.id, all);
  ASSERT_TRUE(whole) << whole.error().text();
  const fs::directory_iterator files(unpacked(*whole) / "tep-dinh-kem");
  EXPECT_EQ(std::distance(begin(files), end(files)), 2) << "all of the case's";
  EXPECT_TRUE(whole->body.at("days").as_array().empty());
  EXPECT_TRUE(whole->body.at("events").is_null());
}

TEST_F(HandoverTest, WhatIsRefusedLateLeavesNoFile) {
  const Part disk = evidence("Ổ đĩa", officer.name);
  HandoverWanted with_events = to_police();
  with_events.events = span();
  const std::size_t before = files_kept();
  meanwhile = [&] { handed(disk, officer.name, "Kỹ thuật viên"); };
  EXPECT_TRUE(desk.make(officer, one.id, with_events).error().is(handover_elsewhere)) << "the chain moved on";
  EXPECT_EQ(files_kept(), before);
  meanwhile = nullptr;
  clock.advance(1min);
  handed(disk, "Kỹ thuật viên", officer.name);
  const auto yes = [](const std::vector<Part>&) -> Result<void> { return {}; };
  const json::object body = desk.make(officer, one.id, with_events)->body;
  const std::string zip = *vault.get(text(body, "sha256"));
  for (std::size_t i = 1; i < handovers_max; ++i) ASSERT_TRUE(book->add_handover(officer, one.id, body, zip, yes));
  const std::size_t full = files_kept();
  asked.clear();
  EXPECT_TRUE(desk.make(officer, one.id, with_events).error().is(too_many));
  EXPECT_TRUE(asked.empty()) << "refused before the work";
  EXPECT_TRUE(book->add_handover(officer, one.id, body, "PK\x03\x04 another", yes).error().is(too_many));
  EXPECT_EQ(files_kept(), full);
}

TEST_F(HandoverTest, TheEndIsNoPartOfTheSpan) {
  const Day today = day_of(clock.now());
  const Time midnight = day_begin(today);
  const struct {
    const char* what;
    Time from, to;
    std::vector<Day> days;
  } table[] = {
      {"until midnight", midnight - 24h, midnight, {today - days(1)}},
      {"a moment beyond", midnight - 24h, midnight + Duration(1), {today - days(1), today}},
      {"nothing at midnight", midnight, midnight, {today}},
  };
  for (const auto& row : table) {
    stored = row.days;
    HandoverWanted with_events = to_police();
    with_events.events = EventSpan{row.from, row.to};
    const auto made = desk.make(officer, one.id, with_events);
    ASSERT_TRUE(made) << row.what << ": " << made.error().text();
    json::array told;
    for (const Day day : row.days) told.emplace_back(to_iso(day));
    EXPECT_EQ(made->body.at("days"), told) << row.what;
  }
}

TEST_F(HandoverTest, WhatPeopleWroteForgesNoLineAndNoPath) {
  if (!has_tools()) GTEST_SKIP() << "needs unzip and sha256sum";
  EXPECT_EQ(one_line("a\nb\r\tc\x7f\xc2\x85\xe2\x80\xa8\xe2\x80\xa9z \xe2\x80\xaegpj\xe2\x81\xa9ế"),
            "a b  c    z gpjế");
  const std::string names[] = {
      "../../etc/cron.d/luy", "a.txt\n0000  README.txt",      "..\\..\\b.txt",
      "\xe2\x80\xaegpj.exe",  std::string(250, 'x') + ".txt", "-rf *?.txt",
  };
  int number = 0;
  for (const std::string& name : names) {
    ASSERT_TRUE(book->attach(officer, one.id, name, "tệp số " + std::to_string(++number))) << name;
  }
  Actor forger = officer;
  forger.name = "Lê Văn Cường\nBên nhận: ai đó";
  HandoverWanted wanted_now{"Công an\nBiên bản:    01/BB\xe2\x80\xa8Nhật ký:     1 bản ghi"};
  wanted_now.events = span();
  const auto made = desk.make(forger, one.id, wanted_now);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(text(made->body, "receiver"), "Công an Biên bản:    01/BB Nhật ký:     1 bản ghi");
  const fs::path out = unpacked(*made);
  const std::string readme = read(out / "README.txt");
  for (const char* forged : {"\nBiên bản:", "\nNhật ký:     1", "\nBên nhận: ai đó"}) {
    EXPECT_EQ(readme.find(forged), std::string::npos) << forged << readme;
  }
  EXPECT_NE(readme.find("\nBên nhận:    Công an Biên bản:"), std::string::npos) << readme;
  std::size_t found = 0;
  for (const auto& each : fs::recursive_directory_iterator(out)) {
    const std::string name = each.path().filename().string();
    EXPECT_EQ(name.find_first_of("\n\\*?"), std::string::npos) << name;
    EXPECT_EQ(name.find("\xe2\x80\xae"), std::string::npos) << name;
    EXPECT_LE(name.size(), file_name_bytes_max + 3);
    found += each.path().parent_path().filename() == "tep-dinh-kem";
  }
  EXPECT_EQ(found, std::size(names)) << "all of them, and inside";
  for (const json::value& each : made->body.at("files").as_array()) {
    EXPECT_EQ(text(each.as_object(), "name").find(".."), std::string::npos);
  }
}

TEST_F(HandoverTest, ABrokenByteIsSeen) {
  if (!has_tools()) GTEST_SKIP() << "needs unzip and sha256sum";
  evidence("Ổ đĩa", officer.name);
  const fs::path out = unpacked(*desk.make(officer, one.id, to_police()));
  std::string csv = read(out / "chuoi-giao-nhan.csv");
  csv[csv.size() / 2] ^= 1;
  std::ofstream(out / "chuoi-giao-nhan.csv", std::ios::binary) << csv;
  EXPECT_NE(shell("cd " + out.string() + " && sha256sum --quiet -c SHA256SUMS"), 0);
}

TEST_F(HandoverTest, TheMinutesGoAlongOnceIssuedAndNameWhoGives) {
  const auto draft =
      book->draft(officer, one.id, "bien-ban-ban-giao-chung-cu",
                  {{"started", iso_local(clock.now())},
                   {"venue", "Trụ sở"},
                   {"giver", json::object{{"name", "Nguyễn Văn An"}, {"position", "Chánh Văn phòng"}, {"unit", "VP"}}},
                   {"receiver", json::object{{"name", "Trần Văn D"}, {"position", "Điều tra viên"}, {"unit", "CA"}}},
                   {"items", json::array{json::object{{"what", "Ổ đĩa"}, {"taken", "A"}, {"hash", "aa"}}}},
                   {"state", "Nguyên vẹn"},
                   {"ended", iso_local(clock.now())}});
  ASSERT_TRUE(draft);
  evidence("Ổ đĩa", "Nguyễn Văn An");
  HandoverWanted wanted_now = to_police();
  EXPECT_TRUE(desk.make(officer, one.id, wanted_now).error().is(handover_elsewhere)) << "not the officer's";
  wanted_now.paper = draft->id;
  EXPECT_TRUE(desk.make(officer, one.id, wanted_now).error().is(handover_paper)) << "a draft";
  const auto issued = book->issue(officer, draft->id);
  ASSERT_TRUE(issued) << issued.error().vi();
  const auto made = desk.make(officer, one.id, wanted_now);
  ASSERT_TRUE(made) << made.error().text();
  if (has_tools()) {
    EXPECT_EQ(read(unpacked(*made) / "bien-ban" / "bien-ban-ban-giao-chung-cu-1.pdf"), *vault.get(issued->pdf));
  }

  const CasePaper report = *book->draft(officer, one.id, "bao-cao-ban-dau", {});
  wanted_now.paper = report.id;
  EXPECT_TRUE(desk.make(officer, one.id, wanted_now).error().is(handover_paper)) << "another form";
}

TEST_F(HandoverTest, WhatCannotBeHandedOverIsRefusedAndNothingIsKept) {
  const Part held = evidence("Ổ đĩa", "Kỹ thuật viên");
  HandoverWanted empty = to_police();
  empty.receiver = " \n";
  EXPECT_TRUE(desk.make(officer, one.id, empty).error().is(text_missing));
  EXPECT_TRUE(desk.make(officer, one.id, to_police()).error().is(handover_elsewhere));
  HandoverWanted unknown = to_police();
  unknown.evidence = {PartId::make(clock.now(), random)};
  EXPECT_TRUE(desk.make(officer, one.id, unknown).error().is(part_unknown));
  HandoverWanted no_paper = to_police();
  no_paper.paper = PaperId::make(clock.now(), random);
  EXPECT_TRUE(desk.make(officer, one.id, no_paper).error().is(paper_unknown));

  const Case bare = *book->open(officer, wanted());
  EXPECT_TRUE(desk.make(officer, bare.id, to_police()).error().is(handover_empty));
  Actor stranger = officer;
  stranger.permit = [](const AgencyId&) -> Result<void> { return Error(directory::not_allowed, "–"); };
  EXPECT_TRUE(desk.make(stranger, bare.id, to_police()).error().is(directory::not_allowed));

  const struct {
    const char* what;
    Duration from, to;
    ExportedEvents told;
    ErrorKind kind;
  } table[] = {
      {"backwards", -1h, -2h, {1, 0, true}, ends_before_start},
      {"in the future", -1h, 1h, {1, 0, true}, time_in_future},
      {"before what is kept", -24h * 30, -1h, {1, 0, true}, handover_days_missing},
      {"too many", -1h, 0h, {10'000, 0, false}, handover_many_events},
      {"not signed yet", -1h, 0h, {1, 2, true}, handover_unsigned},
  };
  for (const auto& row : table) {
    HandoverWanted with_events = to_police();
    with_events.events = EventSpan{clock.now() + row.from, clock.now() + row.to};
    exported = row.told;
    const auto made = desk.make(officer, bare.id, with_events);
    ASSERT_FALSE(made) << row.what;
    EXPECT_TRUE(made.error().is(row.kind)) << row.what << ": " << made.error().text();
  }
  const CaseFile after = *book->file(bare.id);
  for (const Part& part : after.parts) EXPECT_NE(part.kind, PartKind::handover);
  EXPECT_TRUE(!fs::exists(vault.scratch()) || fs::is_empty(vault.scratch()));
  EXPECT_TRUE(book->change_part(officer, one.id, held.id, {{"sha256", "x"}}).error().is(part_fixed));
}

TEST_F(HandoverTest, AZipThatCannotBeWrittenIsAnError) {
  EXPECT_TRUE(write_zip(folder.path / "none" / "a.zip", {{"a", folder.path}}, clock.now()).error().is(zip_failed));
  EXPECT_TRUE(write_zip(folder.path / "b.zip", {{"a", folder.path / "absent"}}, clock.now()).error().is(zip_failed));
  EXPECT_FALSE(fs::exists(folder.path / "b.zip"));
}

}  // namespace
}  // namespace luy::incident
