// This kernel may have no USB: the bus is made of files, as sysfs shows it.
#include "agent/linux/removable.h"

#include <gtest/gtest.h>

#include <fstream>

#include "agent/linux/temporary_folder.h"

namespace luy::agent {
namespace {

using device_policy::RemovableGate;

struct RemovableTest : testing::Test {
  void write(const std::string& name, const std::string& text) const {
    const auto path = folder.path() / "sys/bus/usb/devices" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text << '\n';
  }
  void plug(const std::string& place, const std::string& serial, const std::string& interface_class = "08") const {
    write(place + "/serial", serial);
    write(place + "/manufacturer", "SanDisk");
    write(place + "/product", "Ultra");
    write(place + "/authorized", "1");
    write(place + ":1.0/bInterfaceClass", interface_class);
    write(place + "/" + place + ":1.0/host4/target4:0:0/4:0:0:0/block/sdb/size", "2048");
  }
  void unplug(const std::string& place) const {
    for (const char* end : {"", ":1.0"}) {
      std::filesystem::remove_all(folder.path() / "sys/bus/usb/devices" / (place + end));
    }
  }
  std::string authorized(const std::string& place) const {
    std::ifstream file(folder.path() / "sys/bus/usb/devices" / place / "authorized");
    std::string text;
    file >> text;
    return text;
  }
  std::vector<std::string> seen() const {
    std::vector<std::string> out;
    for (const auto& one : watch.seen().devices) {
      out.push_back(one.serial + " " + one.decision + (one.present ? " there" : " gone"));
    }
    return out;
  }

  TemporaryFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-23T08:00:00Z")};
  RemovableWatch watch{folder.path(), clock};
  device_policy::Software section;
};

TEST_F(RemovableTest, AKernelWithoutTheBusIsSaid) {
  section.removable = RemovableGate::refuse;
  EXPECT_TRUE(watch.step(section));
  EXPECT_EQ(watch.seen().mode, "unsupported");
  EXPECT_FALSE(watch.step(section));
}

TEST_F(RemovableTest, StorageIsSeenAndKeyboardsAreNot) {
  plug("1-1", "4C53");
  plug("1-2", "KEY", "03");
  section.removable = RemovableGate::watch;
  EXPECT_TRUE(watch.step(section));
  EXPECT_EQ(seen(), std::vector<std::string>{"4C53 watched there"});
  EXPECT_EQ(watch.seen().devices[0].bytes, 2048 * 512);
  EXPECT_EQ(watch.seen().devices[0].vendor, "SanDisk");
  EXPECT_EQ(authorized("1-1"), "1");
  EXPECT_FALSE(watch.step(section)) << "nothing is new";
  const Time first = watch.seen().devices[0].seen_at;
  unplug("1-1");
  clock.advance(std::chrono::hours(1));
  EXPECT_TRUE(watch.step(section));
  EXPECT_EQ(seen(), std::vector<std::string>{"4C53 watched gone"});
  plug("1-1", "4C53");
  EXPECT_TRUE(watch.step(section));
  EXPECT_GT(watch.seen().devices[0].seen_at, first);
}

TEST_F(RemovableTest, OnlyKnownSerialsStay) {
  plug("1-1", "4C53");
  plug("1-2", "FOREIGN");
  plug("1-3", "");
  section.removable = RemovableGate::refuse;
  section.media = {"4C53"};
  watch.step(section);
  EXPECT_EQ(authorized("1-1"), "1");
  EXPECT_EQ(authorized("1-2"), "0");
  EXPECT_EQ(authorized("1-3"), "0") << "what has no serial is nobody's";
  // The kernel takes the interfaces of a device away that is switched off.
  std::filesystem::remove_all(folder.path() / "sys/bus/usb/devices/1-2:1.0");
  EXPECT_FALSE(watch.step(section));
  section.media.push_back("FOREIGN");
  EXPECT_TRUE(watch.step(section));
  EXPECT_EQ(authorized("1-2"), "1") << "it was allowed meanwhile";
  section.removable = RemovableGate::off;
  watch.step(section);
  EXPECT_EQ(authorized("1-3"), "1") << "nothing stays refused when the gate is open";
}

TEST_F(RemovableTest, WhatCannotBeSwitchedOffIsNotCalledRefused) {
  plug("1-1", "4C53");
  std::filesystem::remove(folder.path() / "sys/bus/usb/devices/1-1/authorized");
  section.removable = RemovableGate::refuse;
  watch.step(section);
  EXPECT_EQ(seen(), std::vector<std::string>{"4C53 watched there"});
}

}  // namespace
}  // namespace luy::agent
