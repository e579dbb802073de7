// Goal: the commands answer with the right exit code, and what they write can be used by the next one.
// Method: run() on a store in a temporary folder.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <fstream>
#include <set>
#include <sstream>

#include "base/random.h"
#include "cli/command.h"
#include "cli/custody_copy.h"
#include "evidence/archive.h"
#include "evidence/cosignature.h"
#include "evidence/day_file.h"
#include "evidence/file_digest.h"
#include "evidence/signature.h"
#include "evidence/store.h"
#include "evidence/witness_file.h"

namespace luy::cli {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct EvidenceCommands : testing::Test {
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "luy-cli-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    ASSERT_TRUE(evidence::FileNoteSigner::generate(folder / "key.pem"));
    const auto signer = *evidence::FileNoteSigner::load(folder / "key.pem", "luy/bim-son");
    std::ofstream(folder / "vkey") << "# the hub's key\n" << signer->vkey() << "\n";
    const auto store = *evidence::open_store({folder / "evidence", 30}, clock, *signer);
    for (int i = 0; i < 3; ++i) {
      const std::string raw = "line \x1b[31m " + std::to_string(i);
      const evidence::Store::Batch batch{std::nullopt, {{"agency/device/journal", 1, raw}}};
      ASSERT_TRUE(store->append({&batch, 1}));
    }
    clock.advance(24h);
    ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
  }
  void TearDown() override { fs::remove_all(folder); }

  ExitCode luy(const std::vector<std::string>& arguments) {
    out.str("");
    err.str("");
    return run(arguments, out, err, clock);
  }
  std::string path(std::string_view name) const { return (folder / name).string(); }

  FakeClock clock{day_begin(*day_from_iso("2026-11-22")) + 10h};
  fs::path folder;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(EvidenceCommands, WhatIsLeftOfADamagedDayIsSavedVerifiedAndProved) {
  const fs::path day = folder / "evidence" / "2026-11-22.sqlite";
  EXPECT_EQ(luy({"evidence", "salvage", day, "--to", path("whole"), "--key", path("vkey"), "--list"}), ExitCode::ok);
  EXPECT_NE(out.str().find("Còn chứng minh được bằng điểm kiểm tra đã ký (proved.leaves.zst): 4"), std::string::npos)
      << out.str();
  EXPECT_EQ(luy({"evidence", "verify", "--salvaged", path("whole"), "--key", path("vkey")}), ExitCode::ok);
  EXPECT_EQ(luy({"evidence", "prove", path("whole"), "--seq", "1", "--out", folder}), ExitCode::ok);
  EXPECT_EQ(luy({"evidence", "check", path("1.leaf"), path("1.tlog-proof"), "--key", path("vkey")}), ExitCode::ok)
      << err.str();
  fs::copy_file(day, folder / "harmed.sqlite");
  fs::permissions(folder / "harmed.sqlite", fs::perms(0600));
  fs::resize_file(folder / "harmed.sqlite", 5 * 4096);
  const ExitCode cut = luy({"evidence", "salvage", path("harmed.sqlite"), "--to", path("cut"), "--json"});
  EXPECT_EQ(cut, ExitCode::fault) << out.str() << err.str();
  EXPECT_EQ(luy({"evidence", "salvage", day, "--to", path("whole")}), ExitCode::io) << "something lies there";
  EXPECT_EQ(luy({"evidence", "salvage", path("vkey"), "--to", path("none")}), ExitCode::corrupt);
  EXPECT_EQ(luy({"evidence", "verify", "--salvaged", path("evidence")}), ExitCode::not_found);
}

TEST_F(EvidenceCommands, VerifyPassesAndFailsByExitCode) {
  const std::string key = path("vkey");
  EXPECT_EQ(luy({"evidence", "verify", path("evidence"), "--key", key}), ExitCode::ok) << out.str();
  EXPECT_EQ(luy({"evidence", "verify", path("evidence/2026-11-22.sqlite"), "--key", key}), ExitCode::ok);
  EXPECT_NE(out.str().find("TOÀN VẸN / INTACT"), std::string::npos);
  fs::remove(folder / "evidence/2026-11-22.sqlite.sha256");
  EXPECT_EQ(luy({"evidence", "verify", path("evidence"), "--key", key}), ExitCode::fault);
  EXPECT_NE(out.str().find("verify.digest_absent"), std::string::npos);
  EXPECT_EQ(luy({"evidence", "verify", path("evidence"), "--key", key, "--json"}), ExitCode::fault);
  const auto json = boost::json::parse(out.str()).as_object();
  EXPECT_FALSE(json.at("ok").as_bool());
  EXPECT_EQ(json.at("findings").as_array().size(), 1U);
  EXPECT_EQ(luy({"evidence", "verify", path("absent")}), ExitCode::not_found);
  EXPECT_EQ(luy({"evidence", "verify", path("evidence"), "--key", path("key.pem")}), ExitCode::usage);
  EXPECT_EQ(luy({"evidence", "verify", path("evidence"), "--days", "22/11/2026"}), ExitCode::usage);
  EXPECT_EQ(luy({"evidence", "verify", path("evidence"), "--days", "2026-11-22..2026-11-23"}), ExitCode::fault);
}

TEST_F(EvidenceCommands, CopiesTakeAlongWhatOthersVouchedForAndHoldItAgainstTheCopy) {
  const auto secret = evidence::Ed25519Key::from_seed(std::string(32, 'w'));
  const auto witness = evidence::WitnessKey::make("luy/tinh/witness", secret.public_key()).value();
  const auto stranger = evidence::WitnessKey::make("luy/other/witness", secret.public_key()).value();
  const Day day = *day_from_iso("2026-11-22");
  const fs::path file = evidence::day_path(folder / "evidence", day);
  const fs::path there = evidence::day_path(folder / "medium", day);
  const std::vector<WantedCopy> wanted = {{day, *evidence::file_sha256(file), fs::file_size(file)}};
  const auto copy = [&] {
    return copy_days(folder / "evidence", folder / "medium", wanted, {witness}, [](const MadeCopy&) {});
  };
  auto made = copy();
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_TRUE(made->front().beside.cosigned_by.empty());
  EXPECT_TRUE(has_same_beside(file, there)) << "there is nothing";
  const auto archive = std::move(evidence::Archive::open(folder / "evidence").value());
  const auto newest = archive->newest_checkpoint().value();
  const std::string text = newest->note.substr(0, newest->note.find("\n\n") + 1);
  const auto line = [&](const std::string& what) {
    return evidence::format_cosignature(witness, 1763780000,
                                        secret.sign(evidence::cosigned_message(what, 1763780000)).value());
  };
  ASSERT_TRUE(evidence::keep_cosigned(*archive, newest->size, newest->note + line(text)));
  EXPECT_FALSE(has_same_beside(file, there)) << "it came after the day was copied";
  made = copy();
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_TRUE(made->front().was_there);
  EXPECT_EQ(made->front().beside.cosigned_by, std::vector<std::string>{witness.name});
  EXPECT_TRUE(made->front().beside.fault.empty()) << made->front().beside.fault;
  EXPECT_TRUE(has_same_beside(file, there));
  EXPECT_EQ(look_beside(there, {}).unchecked, std::vector<std::string>{witness.name}) << "nobody said who that is";
  EXPECT_EQ(look_beside(there, {stranger}).cosigned_by.size(), 0U);
  EXPECT_EQ(luy({"evidence", "verify", there.string(), "--key", path("vkey"), "--json"}), ExitCode::ok) << out.str();
  EXPECT_NE(out.str().find("luy/tinh/witness"), std::string::npos) << out.str();

  fs::permissions(evidence::cosigned_path(there), fs::perms::owner_all);
  const auto put = [&](const std::string& note) {
    std::ofstream(evidence::cosigned_path(there), std::ios::trunc) << evidence::format_cosigned({note});
  };
  put(newest->note + line(text + "more\n"));
  EXPECT_FALSE(look_beside(there, {witness}).fault.empty()) << "over another text";
  std::string other = newest->note;
  other[other.find('\n', other.find('\n') + 1) + 1] ^= 1;
  put(other);
  EXPECT_FALSE(look_beside(there, {witness}).fault.empty()) << "another root than this day's";
  std::ofstream(evidence::cosigned_path(there), std::ios::trunc) << "x";
  EXPECT_FALSE(look_beside(there, {witness}).fault.empty());
}

// A witness none of whose cosignatures is there is a fault, one whose are there is told of; so are time-stamps.
TEST_F(EvidenceCommands, VerifyAsksForWitnessesAndTimeStamps) {
  const auto secret = evidence::Ed25519Key::from_seed(std::string(32, 'w'));
  const auto witness = evidence::WitnessKey::make("luy/tinh/witness", secret.public_key()).value();
  std::ofstream(folder / "witness") << "# the province\n" << witness.vkey() << "\n";
  const std::vector<std::string> command = {"evidence",   "verify",    path("evidence"), "--key",
                                            path("vkey"), "--witness", path("witness")};
  EXPECT_EQ(luy(command), ExitCode::fault);
  EXPECT_NE(out.str().find("verify.cosignature_absent"), std::string::npos) << out.str();
  {
    const auto archive = std::move(evidence::Archive::open(folder / "evidence").value());
    const auto newest = archive->newest_checkpoint().value();
    const std::string text = newest->note.substr(0, newest->note.find("\n\n") + 1);
    const std::string line = evidence::format_cosignature(
        witness, 1763780000, secret.sign(evidence::cosigned_message(text, 1763780000)).value());
    ASSERT_TRUE(evidence::keep_cosigned(*archive, newest->size, newest->note + line));
  }
  EXPECT_EQ(luy(command), ExitCode::ok) << out.str();
  EXPECT_NE(out.str().find("verify.cosigned"), std::string::npos) << out.str();
  EXPECT_EQ(luy({"evidence", "verify", path("evidence"), "--witness", path("vkey")}), ExitCode::usage);
  EXPECT_EQ(luy({"evidence", "verify", path("evidence"), "--key", path("vkey")}), ExitCode::ok);
  EXPECT_NE(out.str().find("custody.cosigned_not_checked"), std::string::npos) << "somebody signed: " << out.str();
  // What lies there as a time-stamp has to be one over the closing note.
  std::ofstream(folder / "evidence" / "2026-11-22.sqlite.tst") << "x";
  EXPECT_EQ(luy({"evidence", "verify", path("evidence"), "--key", path("vkey")}), ExitCode::fault);
  EXPECT_NE(out.str().find("verify.time_stamp_invalid"), std::string::npos) << out.str();
  fs::remove(folder / "evidence" / "2026-11-22.sqlite.tst");
  // The proof of a record leads to the checkpoint that was cosigned.
  ASSERT_EQ(luy({"evidence", "prove", path("evidence"), "--seq", "1", "--out", folder.string()}), ExitCode::ok);
  std::ifstream proof(folder / "1.tlog-proof");
  const std::string written{std::istreambuf_iterator<char>(proof), {}};
  EXPECT_NE(written.find("luy/tinh/witness"), std::string::npos) << written;
}

TEST_F(EvidenceCommands, EpochTellsOfTheTreeBeforeOnlyWhereThereWasOne) {
  EXPECT_EQ(luy({"evidence", "epoch", path("evidence")}), ExitCode::not_found) << out.str();
  const auto signer = std::move(evidence::FileNoteSigner::load(folder / "key.pem", "luy/bim-son").value());
  const std::string note = signer->sign(evidence::format_body({"luy/bim-son", 70, sha256("root")})).value();
  const boost::json::object epoch{{"note", "epoch"},      {"origin", "luy/bim-son/2"}, {"before", "luy/bim-son"},
                                  {"reason", "đĩa hỏng"}, {"signed", nullptr},         {"cosigned", note}};
  const std::string raw = boost::json::serialize(epoch);
  const auto begin = [&](const fs::path& where, const char* source, std::uint8_t transport) {
    const auto store = std::move(evidence::open_store({where, 30}, clock, *signer).value());
    const evidence::Store::Batch batch{std::nullopt, {{source, transport, raw}}};
    EXPECT_TRUE(store->append({&batch, 1}));
  };
  begin(folder / "new", "hub/evidence", 6);
  ASSERT_EQ(luy({"evidence", "epoch", path("new"), "--out", path("note")}), ExitCode::ok) << err.str();
  EXPECT_NE(out.str().find("đĩa hỏng"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("70"), std::string::npos) << out.str();
  std::ifstream file(folder / "note");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), note);
  // What a machine sent is no word of the hub's.
  begin(folder / "forged", "hub/evidence", 4);
  EXPECT_EQ(luy({"evidence", "epoch", path("forged")}), ExitCode::not_found);
  begin(folder / "other", "agency/device/journal", 6);
  EXPECT_EQ(luy({"evidence", "epoch", path("other")}), ExitCode::not_found);
}

TEST_F(EvidenceCommands, ExportTakesWholeDays) {
  const auto days_of = [&](const char* days, const char* out_folder) {
    return luy({"evidence", "export", "--data", path("evidence"), "--days", days, "--key", path("key.pem"), "--out",
                path(out_folder)});
  };
  EXPECT_EQ(days_of("2026-11-22", "days"), ExitCode::ok) << err.str();
  EXPECT_EQ(luy({"evidence", "verify", "--package", path("days"), "--key", path("vkey")}), ExitCode::ok) << out.str();
  EXPECT_NE(out.str().find("INTACT"), std::string::npos);
  fs::remove(folder / "days/consistency");
  EXPECT_EQ(luy({"evidence", "verify", "--package", path("days"), "--key", path("vkey")}), ExitCode::fault);
  EXPECT_NE(days_of("2026-11-22..2026-11-23", "more"), ExitCode::ok) << "not closed";
  EXPECT_EQ(days_of("22/11/2026", "wrong"), ExitCode::usage);
}

TEST_F(EvidenceCommands, ShowPrintsARecordWithoutItsControlCharacters) {
  EXPECT_EQ(luy({"evidence", "show", path("evidence"), "--seq", "1"}), ExitCode::ok);
  EXPECT_NE(out.str().find("line \\x1b[31m 1"), std::string::npos) << out.str();
  EXPECT_EQ(luy({"evidence", "show", path("evidence/2026-11-22.sqlite"), "--seq", "1", "--raw"}), ExitCode::ok);
  EXPECT_EQ(out.str(), "line \x1b[31m 1");
  EXPECT_EQ(luy({"evidence", "show", path("evidence"), "--seq", "99"}), ExitCode::not_found);
}

TEST_F(EvidenceCommands, ProveWritesWhatCheckAccepts) {
  EXPECT_EQ(luy({"evidence", "prove", path("evidence"), "--seq", "2", "--out", folder.string()}), ExitCode::ok);
  const std::string leaf = path("2.leaf");
  const std::string proof = path("2.tlog-proof");
  EXPECT_EQ(luy({"evidence", "check", leaf, proof, "--key", path("vkey")}), ExitCode::ok) << err.str();
  std::fstream file(leaf, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(-1, std::ios::end);
  file.put('X');
  file.close();
  EXPECT_EQ(luy({"evidence", "check", leaf, proof, "--key", path("vkey")}), ExitCode::corrupt);
  EXPECT_EQ(luy({"evidence", "check", leaf, proof}), ExitCode::usage) << "a key is needed";
}

TEST_F(EvidenceCommands, IngestSearchStatsExportAndVerifyWorkWithoutAHub) {
  const std::string data = path("laptop");
  std::ofstream(folder / "auth.log")
      << "Nov 22 10:00:00 web1 sshd[4]: Failed password for root from 10.1.2.3 port 9 ssh2\n"
         "Nov 22 10:00:01 web1 cron[5]: (root) CMD (x)\n"
         "Nov 22 10:00:02 web2 sshd[6]: Failed password for nv1 from 10.1.2.4 port 9 ssh2\n";
  EXPECT_EQ(luy({"evidence", "ingest", "--data", data, "--source", "a/b//var/log/auth.log", path("auth.log")}),
            ExitCode::ok)
      << err.str();
  EXPECT_NE(out.str().find("3 bản ghi"), std::string::npos);
  std::ofstream(folder / "laptop.vkey") << out.str().substr(out.str().find('\n') + 1);
  EXPECT_EQ(luy({"evidence", "search", "--data", data, "ssh* -user:root ip:10.0.0.0/8"}), ExitCode::ok) << err.str();
  EXPECT_NE(out.str().find("nv1"), std::string::npos);
  EXPECT_EQ(out.str().find("root"), std::string::npos);
  EXPECT_EQ(luy({"evidence", "search", "--data", data, "absent"}), ExitCode::not_found);
  EXPECT_EQ(luy({"evidence", "search", "--data", data, "(open"}), ExitCode::usage);
  EXPECT_EQ(luy({"evidence", "search", "--data", data, "--json", "--limit", "1", "sshd"}), ExitCode::ok);
  EXPECT_EQ(boost::json::parse(out.str()).as_object().at("seq").to_number<int>(), 2);
  EXPECT_EQ(luy({"evidence", "stats", "--data", data, "--by", "hour"}), ExitCode::ok);
  EXPECT_NE(out.str().find("total 3"), std::string::npos) << out.str();
  EXPECT_EQ(luy({"evidence", "stats", "--data", data, "--top", "host", "sshd"}), ExitCode::ok);
  EXPECT_EQ(out.str(), "1 web1\n1 web2\n");
  EXPECT_EQ(luy({"evidence", "export", "--data", data, "--out", path("package"), "sshd"}), ExitCode::ok) << err.str();
  EXPECT_EQ(luy({"evidence", "verify", "--package", path("package"), "--key", path("laptop.vkey")}), ExitCode::ok)
      << out.str();
  EXPECT_EQ(luy({"evidence", "verify", "--data", data, "--key", path("laptop.vkey")}), ExitCode::ok) << out.str();
  fs::remove(folder / "package/records/0.leaf");
  EXPECT_EQ(luy({"evidence", "verify", "--package", path("package"), "--key", path("laptop.vkey")}), ExitCode::fault);
  EXPECT_EQ(luy({"evidence", "verify"}), ExitCode::usage);
}

TEST_F(EvidenceCommands, IngestAgainAddsOnlyWhatIsNotThereYet) {
  const std::string data = path("laptop");
  // Enough for three batches.
  std::string text;
  for (int i = 0; i < 7000; ++i) text += "line " + std::to_string(i) + std::string(90, 'x') + "\n";
  std::ofstream(folder / "app.log") << text;
  const std::vector<std::string> ingest = {"evidence", "ingest", "--data", data, "--source", "a/b//app.log"};
  const auto take = [&](std::string_view file) {
    std::vector<std::string> arguments = ingest;
    arguments.push_back(path(file));
    return luy(arguments);
  };
  const auto total = [&] {
    EXPECT_EQ(luy({"evidence", "stats", "--data", data, "--source", "a/b/"}), ExitCode::ok) << err.str();
    return out.str().substr(out.str().rfind("total "));
  };
  ASSERT_EQ(take("app.log"), ExitCode::ok) << err.str();
  EXPECT_EQ(total(), "total 7000\n");
  fs::copy_file(folder / "app.log", folder / "copy.log");
  clock.advance(24h);
  for (const std::string_view again : {"app.log", "copy.log"}) {
    EXPECT_EQ(take(again), ExitCode::ok);
    EXPECT_EQ(out.str().find("0 bản ghi"), 0U) << out.str();
    EXPECT_NE(err.str().find("7000"), std::string::npos);
    EXPECT_EQ(total(), "total 7000\n");
  }
  // From another place it is another file.
  EXPECT_EQ(luy({"evidence", "ingest", "--data", data, "--source", "c/d//app.log", path("app.log")}), ExitCode::ok);
  EXPECT_EQ(out.str().find("7000 bản ghi"), 0U) << out.str();
}

// The disk is full somewhere in the middle; once there is room, the same command stores the rest.
TEST_F(EvidenceCommands, IngestThatWasInterruptedGoesOnWhereItStopped) {
  SeededRandom random(5);
  std::string text;
  for (int i = 0; i < 9000; ++i) text += std::to_string(random.next()) + std::to_string(random.next()) + "\n";
  for (int i = 0; i < 9000; ++i) text += std::to_string(random.next()) + std::to_string(random.next()) + "\n";
  std::ofstream(folder / "app.log") << text;
  struct rlimit usual {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
  ::signal(SIGXFSZ, SIG_IGN);
  int interrupted = 0;
  for (const rlim_t kib : {250, 350, 450, 550}) {
    const std::string data = path("laptop" + std::to_string(kib));
    const std::vector<std::string> ingest = {"evidence", "ingest",    "--data",       data,
                                             "--source", "a/b/c/app", path("app.log")};
    const struct rlimit small { kib << 10, usual.rlim_max };
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const ExitCode first = luy(ingest);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &usual), 0);
    ASSERT_EQ(luy(ingest), ExitCode::ok) << err.str();
    if (first != ExitCode::ok && !err.str().empty()) ++interrupted;
    ASSERT_EQ(luy({"evidence", "stats", "--data", data, "--source", "a/b/c/app"}), ExitCode::ok);
    EXPECT_NE(out.str().find("total 18000\n"), std::string::npos) << kib << ": " << out.str();
  }
  EXPECT_GT(interrupted, 0) << "no limit was met in the middle";
}

TEST_F(EvidenceCommands, ALineThatNoRecordHoldsIsToldBeforeAnythingIsStored) {
  std::ofstream(folder / "good.log") << "a line\n";
  std::ofstream(folder / "long.log") << "a line\n" << std::string(evidence::record_bytes_max + 1, 'x') << "\n";
  EXPECT_EQ(
      luy({"evidence", "ingest", "--data", path("laptop"), "--source", "a/b/c", path("good.log"), path("long.log")}),
      ExitCode::usage);
  EXPECT_NE(err.str().find("long.log:2"), std::string::npos) << err.str();
  EXPECT_FALSE(fs::exists(path("laptop")));
}

// A thief destroys the days and lays a genuine package beside them, or in their place.
TEST_F(EvidenceCommands, APackageNeverSpeaksForAStore) {
  const std::string key = path("vkey");
  ASSERT_EQ(luy({"evidence", "export", "--data", folder.string(), "--out", path("package")}), ExitCode::ok)
      << err.str();
  for (const auto& entry : fs::directory_iterator(folder / "package")) {
    fs::copy(entry.path(), folder / "evidence" / entry.path().filename(), fs::copy_options::recursive);
  }
  const fs::path day = folder / "evidence" / "2026-11-22.sqlite";
  fs::permissions(day, fs::perms(0600));
  std::ofstream(day, std::ios::binary) << "destroyed";
  for (const std::vector<std::string>& named :
       {std::vector<std::string>{path("evidence")}, {"--data", folder.string()}, {"--data", path("evidence")}}) {
    std::vector<std::string> arguments = {"evidence", "verify"};
    arguments.insert(arguments.end(), named.begin(), named.end());
    arguments.insert(arguments.end(), {"--key", key});
    EXPECT_EQ(luy(arguments), ExitCode::fault) << out.str();
    EXPECT_NE(out.str().find("verify.mixed"), std::string::npos);
    EXPECT_EQ(out.str().find("\nTOÀN VẸN / INTACT"), std::string::npos);
  }
  EXPECT_EQ(luy({"evidence", "verify", "--package", path("evidence"), "--key", key}), ExitCode::fault);
  EXPECT_EQ(luy({"evidence", "verify", path("package"), "--key", key}), ExitCode::usage) << "not called a package";
  EXPECT_EQ(luy({"evidence", "verify", "--package", path("package"), "--key", key, "--each-record"}), ExitCode::ok)
      << out.str();
}

TEST_F(EvidenceCommands, AcceptClockIsNeededOnceAfterAStepBeyondAnyHoliday) {
  const std::string data = path("laptop");
  std::ofstream(folder / "one.log") << "a line\n";
  const std::vector<std::string> ingest = {"evidence", "ingest", "--data", data, "--source", "a/b/c", path("one.log")};
  ASSERT_EQ(luy(ingest), ExitCode::ok) << err.str();
  clock.advance(60 * 24h);
  EXPECT_EQ(luy(ingest), exit_code_of(ErrorClass::unavailable));
  EXPECT_NE(err.str().find("accept-clock"), std::string::npos) << err.str();
  EXPECT_EQ(luy({"evidence", "accept-clock", "--data", data}), ExitCode::ok) << err.str();
  EXPECT_EQ(luy(ingest), ExitCode::ok) << err.str();
}

TEST_F(EvidenceCommands, WrongUsageIsToldAndHelpIsNot) {
  EXPECT_EQ(luy({}), ExitCode::usage);
  EXPECT_EQ(luy({"evidence"}), ExitCode::usage);
  EXPECT_EQ(luy({"evidence", "show", path("evidence"), "--seq", "one"}), ExitCode::usage);
  EXPECT_EQ(luy({"--help"}), ExitCode::ok);
  EXPECT_NE(out.str().find("Mã thoát"), std::string::npos);
}

TEST(ExitCodes, EveryErrorClassHasARow) {
  std::set<ExitCode> known;
  for (const ExitCodeRow& row : exit_codes()) EXPECT_TRUE(known.insert(row.code).second);
  for (int i = 0; i <= static_cast<int>(ErrorClass::internal); ++i) {
    EXPECT_TRUE(known.contains(exit_code_of(static_cast<ErrorClass>(i)))) << i;
  }
}

}  // namespace
}  // namespace luy::cli
