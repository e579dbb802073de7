#include "software/mark.h"

#include <gtest/gtest.h>

#include "software/survey.h"

namespace luy::software {
namespace {

TEST(Marks, TheListThatTheProductBringsIsWholeAndNamesItsSources) {
  const MarkList& list = builtin_marks();
  EXPECT_GE(list.size(), 25U);
  for (const MarkRule& rule : list.rules()) EXPECT_FALSE(rule.source.empty()) << rule.label;
}

TEST(Marks, KnownProgramsAreFoundAndOthersAreNot) {
  const auto label = [](std::string_view name) {
    const MarkRule* const rule = builtin_marks().find(name);
    return rule == nullptr ? std::string() : std::string(name_of(rule->mark)) + " " + rule->label;
  };
  EXPECT_EQ(label("teamviewer"), "remote_control TeamViewer");
  EXPECT_EQ(label("teamviewer-host"), "remote_control TeamViewer");
  EXPECT_EQ(label("AnyDesk"), "remote_control AnyDesk");
  EXPECT_EQ(label("UltraViewer_setup_6.6.exe"), "remote_control UltraViewer");
  EXPECT_EQ(label("rustdesk"), "remote_control RustDesk");
  EXPECT_EQ(label("x11vnc"), "remote_control VNC");
  EXPECT_EQ(label("vlmcsd").substr(0, 7), "pirated");
  EXPECT_EQ(label("idm-6.42-crack").substr(0, 7), "pirated");
  EXPECT_EQ(label("WinRAR keygen.exe").substr(0, 7), "pirated");
  for (const char* name : {"cracklib-runtime", "libcrack2", "aircrack-ng", "openssh-server", "patch", "vim", "",
                           "libvncclient1", "gvncviewer", "kmod", "kmscon"}) {
    EXPECT_EQ(label(name), "") << name;
  }
}

TEST(Marks, ADamagedListIsRefusedWithItsLine) {
  for (const char* text : {"x | y | z | s", "pirated | y | z |", "pirated || z | s", "pirated | y || s",
                           "pirated | y | * | s", "pirated | y | = | s", "pirated"}) {
    const auto read = MarkList::read(std::string("# first\n") + text);
    ASSERT_FALSE(read) << text;
    EXPECT_TRUE(read.error().is(marks_malformed));
    EXPECT_NE(read.error().en().find('2'), std::string::npos);
  }
  EXPECT_EQ(MarkList::read("")->size(), 0U);
}

inventory::InstalledPackage package(const std::string& name, bool approved, bool ended = false) {
  inventory::InstalledPackage out;
  out.name = name;
  out.version = "1";
  if (approved) out.approval = ApprovalId::trusted("01jd000000000000000000000a");
  if (ended) out.ended = Time();
  return out;
}

TEST(Survey, SaysWhatIsWrong) {
  const auto kinds = [](const std::string& name, bool approved, bool ended = false) {
    std::string out;
    for (const Wrong one : judged(package(name, approved, ended), builtin_marks()).kinds) {
      out += (out.empty() ? "" : " ") + std::string(name_of(one));
    }
    return out;
  };
  EXPECT_EQ(kinds("vim", true), "");
  EXPECT_EQ(kinds("vim", false), "unapproved");
  EXPECT_EQ(kinds("vim", false, true), "expired");
  EXPECT_EQ(kinds("anydesk", false), "unapproved remote_control");
  EXPECT_EQ(kinds("anydesk", true), "") << "it was approved for support";
  EXPECT_EQ(kinds("vlmcsd", true), "pirated") << "an approval makes no licence";
  EXPECT_EQ(kinds("vlmcsd", false), "unapproved pirated");
  for (const Wrong one : {Wrong::unapproved, Wrong::expired, Wrong::remote_control, Wrong::pirated}) {
    EXPECT_EQ(wrong_from_name(name_of(one)), one);
  }
  EXPECT_FALSE(wrong_from_name("other"));
}

TEST(Survey, NamesAloneTellWhetherItIsWorthALook) {
  const auto& marks = builtin_marks();
  EXPECT_FALSE(may_have({{"vim", true}}, {}, marks));
  EXPECT_TRUE(may_have({{"vim", false}}, {}, marks));
  EXPECT_TRUE(may_have({{"vim", false}}, Wrong::expired, marks));
  EXPECT_FALSE(may_have({{"vim", false}}, Wrong::remote_control, marks));
  EXPECT_TRUE(may_have({{"anydesk", false}}, Wrong::remote_control, marks));
  EXPECT_FALSE(may_have({{"anydesk", true}}, Wrong::remote_control, marks));
  EXPECT_TRUE(may_have({{"vlmcsd", true}}, Wrong::pirated, marks));
  EXPECT_FALSE(may_have({{"anydesk", false}}, Wrong::pirated, marks));
}

}  // namespace
}  // namespace luy::software
