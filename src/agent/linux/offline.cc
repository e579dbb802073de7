#include "agent/linux/offline.h"

#include <dlfcn.h>
#include <qrencode.h>

#include <algorithm>
#include <array>

#include "agent/linux/collectors.h"

namespace luy::agent {
namespace {

// Kernel and boot loader only: they are readable before any key is there. As duty 8.1 has them.
constexpr std::array<std::string_view, 4> boot_mounts = {"/boot", "/boot/efi", "/efi", "/boot/firmware"};
constexpr std::size_t quiet = 4;  // Modules around a code, ISO/IEC 18004.

std::uint8_t counted(std::size_t number) {
  return static_cast<std::uint8_t>(std::min<std::size_t>(number, 255));
}

template <class Body>
std::optional<Body> body_of(const Result<Finding>& found) {
  if (!found) return std::nullopt;
  const auto* body = std::get_if<Body>(&found->body);
  return body == nullptr ? std::nullopt : std::optional(*body);
}

void look_at_disks(const Machine& machine, fact::OfflineSummary& out) {
  const auto disks = body_of<fact::Disks>(collect_disks(machine));
  out.disks_unknown = !disks;
  if (!disks) return;
  std::size_t all = 0;
  std::size_t open = 0;
  for (const fact::Volume& volume : disks->volumes) {
    const bool is_boot = std::find(boot_mounts.begin(), boot_mounts.end(), volume.mount) != boot_mounts.end();
    if (volume.removable || volume.size_bytes <= 0 || is_boot) continue;
    ++all;
    open += volume.encrypted ? 0 : 1;
  }
  out.volumes = counted(all);
  out.open_volumes = counted(open);
}

void look_at_accounts(const Machine& machine, fact::OfflineSummary& out) {
  const auto accounts = body_of<fact::Accounts>(collect_accounts(machine));
  out.accounts_unknown = !accounts || !accounts->shadow_readable;
  if (out.accounts_unknown) return;
  std::size_t logins = 0;
  std::size_t bare = 0;
  for (const fact::Account& account : accounts->accounts) {
    if (!account.can_log_in) continue;
    ++logins;
    bare += account.password == "none" ? 1 : 0;
  }
  out.logins = counted(logins);
  out.logins_without_password = counted(bare);
}

void look_at_antivirus(const Machine& machine, fact::OfflineSummary& out) {
  const auto antivirus = body_of<fact::Antivirus>(collect_antivirus(machine));
  if (!antivirus) return;
  std::optional<Time> newest;
  for (const fact::AntivirusProduct& product : antivirus->products) {
    out.antivirus_present = true;
    out.antivirus_running = out.antivirus_running || product.running;
    if (product.signatures_date && (!newest || *product.signatures_date > *newest)) newest = product.signatures_date;
  }
  if (!newest) return;
  const auto age = (day_of(machine.clock.now()) - day_of(*newest)).count();
  out.signature_days = counted(static_cast<std::size_t>(std::max<std::int64_t>(age, 0)));
}

void look_at_network(const Machine& machine, fact::OfflineSummary& out) {
  const auto network = body_of<fact::Interfaces>(collect_interfaces(machine));
  // What cannot be looked at may be on a network.
  out.network_up = !network;
  if (!network) return;
  for (const fact::Interface& one : network->interfaces) {
    if (one.kind == "loopback") continue;
    out.wireless = out.wireless || one.kind == "wifi";
    if (one.kind == "virtual") continue;
    out.network_up = out.network_up || one.up;
    out.address_set = out.address_set || std::any_of(one.addresses.begin(), one.addresses.end(),
                                                     [](const auto& address) { return !address.starts_with("fe80:"); });
  }
}

std::string yes(bool value) {
  return value ? "CÓ" : "không";
}

}  // namespace

fact::OfflineSummary look_offline(const Machine& machine) {
  fact::OfflineSummary out;
  out.day = day_of(machine.clock.now());
  look_at_disks(machine, out);
  look_at_accounts(machine, out);
  look_at_antivirus(machine, out);
  look_at_network(machine, out);
  out.serial = fact::serial_mark(machine.word("sys/class/dmi/id/product_serial"));
  return out;
}

std::string offline_page(const fact::OfflineSummary& s, const std::string& lines, const std::string& code_of_lines) {
  std::string out = "LŨY – BÁO CÁO KIỂM TRA MÁY ĐỘC LẬP\n\n";
  const auto say = [&](const std::string& what, const std::string& found) { out += what + ": " + found + "\n"; };
  say("Ngày theo đồng hồ của máy", to_vietnamese(s.day));
  say("Ổ đĩa chưa mã hóa",
      s.disks_unknown ? "không xác định được" : std::to_string(s.open_volumes) + " trên " + std::to_string(s.volumes));
  say("Tài khoản không mật khẩu",
      s.accounts_unknown ? "không xác định được (hãy chạy bằng quyền quản trị)"
                         : std::to_string(s.logins_without_password) + " trên " + std::to_string(s.logins));
  say("Phần mềm phòng chống mã độc đang chạy", yes(s.antivirus_running));
  say("Tuổi mẫu nhận dạng", s.signature_days == 255 ? "không rõ" : std::to_string(s.signature_days) + " ngày");
  say("Mạng đang bật", yes(s.network_up));
  say("Có địa chỉ mạng", yes(s.address_set));
  say("Có phần cứng không dây", yes(s.wireless));
  out += "\nGõ sáu dòng sau vào trang thiết bị trên Lũy (ký tự cuối mỗi dòng để kiểm tra):\n\n";
  out += lines + "\n";
  if (!code_of_lines.empty()) out += "\nHoặc quét mã:\n\n" + code_of_lines;
  out += "\nIn hoặc chép tay trang này. Không mang USB về. Chương trình không ghi gì lên máy.\n";
  return out;
}

std::string qr_blocks(const std::string& text) {
  void* const library = ::dlopen("libqrencode.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return {};
  const auto encode = reinterpret_cast<decltype(&QRcode_encodeData)>(::dlsym(library, "QRcode_encodeData"));
  const auto release = reinterpret_cast<decltype(&QRcode_free)>(::dlsym(library, "QRcode_free"));
  QRcode* const code =
      encode == nullptr || release == nullptr
          ? nullptr
          : encode(static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M);
  std::string out;
  if (code != nullptr) {
    const auto side = static_cast<std::size_t>(code->width);
    const auto dark = [&](std::size_t row, std::size_t column) {
      const bool inside = row >= quiet && column >= quiet && row < side + quiet && column < side + quiet;
      return inside && (code->data[(row - quiet) * side + column - quiet] & 1U) != 0;
    };
    // Paper is white: a dark module is a printed block.
    for (std::size_t row = 0; row < side + 2 * quiet; row += 2) {
      for (std::size_t column = 0; column < side + 2 * quiet; ++column) {
        const bool above = dark(row, column);
        const bool below = dark(row + 1, column);
        out += above && below ? "█" : above ? "▀" : below ? "▄" : " ";
      }
      out += '\n';
    }
    release(code);
  }
  ::dlclose(library);
  return out;
}

}  // namespace luy::agent
