// Goal: what three programs say of the same air is read as the same, hidden and badly named networks included.
#include <gtest/gtest.h>

#include <algorithm>

#include "agent/linux/collectors.h"
#include "agent/linux/fake_machine.h"

namespace luy::agent {
namespace {

class WifiAirTest : public testing::Test {
 protected:
  fact::Wifi wifi() { return std::get<fact::Wifi>(collect_wifi(machine_.machine, "").value().body); }
  FakeMachine machine_;
};

TEST_F(WifiAirTest, TheAirIsReadFromWhatDrivesTheRadio) {
  machine_.folder.write("sys/class/net/wlan0/wireless/x", "");
  machine_.kernel.ssids["wlan0"] = "UBND";
  EXPECT_FALSE(wifi().seen) << "nothing is there that knows";
  const std::vector<fact::SeenNetwork> want{{"UBND", "02:00:00:00:00:0a", "wpa2", -53},
                                            {"Quán: phở", "02:00:00:00:00:0b", "open", -70},
                                            {"", "02:00:00:00:00:0c", "wpa", -80},
                                            {"Mới", "02:00:00:00:00:0d", "wpa3", -85},
                                            {"Cũ", "02:00:00:00:00:0e", "wep", -88}};
  const auto look = [&] {
    const fact::Wifi now = wifi();
    EXPECT_TRUE(now.seen);
    return now.seen.value_or(std::vector<fact::SeenNetwork>());
  };
  machine_.folder.write("usr/sbin/wpa_cli", "");
  machine_.kernel.outputs["wpa_cli"] =
      "bssid / frequency / signal level / flags / ssid\n"
      "02:00:00:00:00:0b\t2437\t-70\t[ESS]\tQu\\xc3\\xa1n: ph\\xe1\\xbb\\x9f\n"
      "02:00:00:00:00:0A\t2437\t-53\t[WPA2-PSK-CCMP][ESS]\tUBND\n"
      "02:00:00:00:00:0c\t2437\t-80\t[WPA-PSK-TKIP][WPA2-PSK-CCMP][ESS]\t\n"
      "02:00:00:00:00:0d\t2437\t-85\t[WPA2-SAE-CCMP][ESS]\tM\\xe1\\xbb\\x9bi\n"
      "02:00:00:00:00:0e\t2437\t-88\t[WEP][ESS]\tC\\xc5\\xa9\nkhông phải\n";
  EXPECT_EQ(look(), want);
  machine_.folder.write("usr/sbin/iw", "");
  machine_.kernel.outputs["iw"] =
      "BSS 02:00:00:00:00:0b(on wlan0)\n\tcapability: ESS (0x0401)\n\tsignal: -70.00 dBm\n"
      "\tSSID: Qu\\xc3\\xa1n: ph\\xe1\\xbb\\x9f\n"
      "BSS 02:00:00:00:00:0a(on wlan0) -- associated\n\tcapability: ESS Privacy (0x0411)\n\tsignal: -53.00 dBm\n"
      "\tSSID: UBND\n\tRSN:\t * Version: 1\n\t\t * Authentication suites: PSK\n"
      "BSS 02:00:00:00:00:0c(on wlan0)\n\tcapability: ESS Privacy\n\tsignal: -80.00 dBm\n\tSSID: \\x00\\x00\n"
      "\tRSN:\t * Version: 1\n\t\t * Authentication suites: PSK\n\tWPA:\t * Version: 1\n"
      "BSS 02:00:00:00:00:0d(on wlan0)\n\tcapability: ESS Privacy\n\tsignal: -85.00 dBm\n\tSSID: M\\xe1\\xbb\\x9bi\n"
      "\tRSN:\t * Version: 1\n\t\t * Authentication suites: SAE\n"
      "BSS 02:00:00:00:00:0e(on wlan0)\n\tcapability: ESS Privacy\n\tsignal: -88.00 dBm\n\tSSID: C\\xc5\\xa9\n";
  EXPECT_EQ(look(), want);
  EXPECT_EQ(wifi().networks[0].bssid, "02:00:00:00:00:0a");
  machine_.folder.write("usr/bin/nmcli", "");
  machine_.kernel.outputs["nmcli"] =
      "*:UBND:02\\:00\\:00\\:00\\:00\\:0A:WPA2:79\n :Quán\\: phở:02\\:00\\:00\\:00\\:00\\:0B::50\n"
      " ::02\\:00\\:00\\:00\\:00\\:0C:WPA1 WPA2:34\n :Mới:02\\:00\\:00\\:00\\:00\\:0D:WPA3:25\n"
      " :Cũ:02\\:00\\:00\\:00\\:00\\:0E:WEP:20\n";
  EXPECT_EQ(look(), want);
  for (const auto& command : machine_.kernel.ran) {
    EXPECT_EQ(std::count(command.begin(), command.end(), "yes") > 0, command[0].ends_with("nmcli"));
  }
}

}  // namespace
}  // namespace luy::agent
