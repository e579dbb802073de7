#include "agent/linux/linux_orders.h"

#include <netdb.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "agent/linux/device_key.h"
#include "agent/linux/stop_process.h"
#include "agent/linux/volatile_state.h"
#include "base/encoding.h"

namespace luy::agent {
namespace {

using MdContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;

struct Performer {
  Containment& containment;
  const Machine& machine;
  Quarantine& quarantine;
  BackupRequests& backups;

  Result<Performed> operator()(const order::IsolateNetwork& body) const {
    LUY_TRY_VOID(containment.isolate(body));
    std::string kept;
    for (const std::string& address : containment.contained().isolation->hub)
      kept += (kept.empty() ? "" : ", ") + address;
    const std::string until = to_rfc3339(body.until);
    return Performed{"Đã cô lập máy khỏi mạng đến " + until + "; vẫn giữ kết nối với hub (" + kept + ").",
                     "The machine is isolated from the network until " + until + "; the hub (" + kept + ") is kept.",
                     {{"until", until}, {"kept", kept}}};
  }
  Result<Performed> operator()(const order::ReleaseNetwork&) const {
    LUY_TRY_VOID(containment.release());
    return Performed{"Đã gỡ cô lập mạng.", "The machine is no longer isolated."};
  }
  Result<Performed> operator()(const order::BlockAddress& body) const {
    LUY_TRY_VOID(containment.block(body));
    return Performed{"Đã chặn địa chỉ " + body.address + ".",
                     "The address " + body.address + " is blocked.",
                     {{"address", body.address}}};
  }
  Result<Performed> operator()(const order::UnblockAddress& body) const {
    LUY_TRY_VOID(containment.unblock(body.address));
    return Performed{"Đã bỏ chặn địa chỉ " + body.address + ".",
                     "The address " + body.address + " is not blocked.",
                     {{"address", body.address}}};
  }
  Result<Performed> operator()(const order::StopProcess& body) const {
    LUY_TRY_VOID(stop_process(body));
    const std::string name = std::to_string(body.pid) + " (" + body.path + ")";
    return Performed{
        "Đã dừng tiến trình " + name + ".", "The process " + name + " was stopped.", {{"path", body.path}}};
  }
  Result<Performed> operator()(const order::CollectVolatile&) const {
    Performed out{"Đã thu thập dữ liệu dễ mất.", "The volatile state was collected."};
    out.document = collect_volatile(machine);
    return out;
  }
  Result<Performed> operator()(const order::CollectNow&) const {
    Performed out{"Đang thu thập lại toàn bộ thông tin của máy.", "Every fact is being collected again."};
    out.collect_now = true;
    return out;
  }
  Result<Performed> operator()(const order::RestoreQuarantined& body) const {
    LUY_TRY(const fact::QuarantinedFile file, quarantine.restore(body.item, body.sha256));
    return Performed{"Đã khôi phục tệp " + file.path + ".",
                     "The file " + file.path + " was restored.",
                     {{"path", file.path}, {"signature", file.signature}}};
  }
  Result<Performed> operator()(const order::DeleteQuarantined& body) const {
    LUY_TRY(const fact::QuarantinedFile file, quarantine.remove(body.item, body.sha256));
    return Performed{"Đã xóa hẳn tệp cách ly, trước đây ở " + file.path + ".",
                     "The quarantined file, once at " + file.path + ", was deleted for good.",
                     {{"path", file.path}, {"signature", file.signature}}};
  }
  Result<Performed> operator()(const order::BackupNow& body) const {
    BackupRequest request;
    request.id = body.request;
    request.set = body.set;
    return ask(request, "Đã nhận lệnh sao lưu bộ ", "The order to back up is taken: ");
  }
  Result<Performed> operator()(const order::DrillRestore& body) const {
    BackupRequest request;
    request.id = body.request;
    request.act = BackupAct::drill;
    request.set = body.set;
    return ask(request, "Đã nhận lệnh diễn tập phục hồi bộ ", "The order to drill a restore is taken: ");
  }
  Result<Performed> operator()(const order::PreviewRestore& body) const {
    return ask(request_of(BackupAct::preview, body), "Đã nhận lệnh xem trước phục hồi bộ ",
               "The order to preview a restore is taken: ");
  }
  Result<Performed> operator()(const order::RestoreBackup& body) const {
    return ask(request_of(BackupAct::restore, body), "Đã nhận lệnh phục hồi bộ ", "The order to restore is taken: ");
  }
  static BackupRequest request_of(BackupAct act, const order::RestoreWanted& body) {
    return {body.request, act, body.set, body.snapshot, body.at, body.paths, body.destination};
  }
  // It may take hours: what becomes of it is told when it is done.
  Result<Performed> ask(const BackupRequest& request, const std::string& vi, const std::string& en) const {
    LUY_TRY_VOID(backups.add(request));
    return Performed{vi + request.set + ".", en + request.set + ".", {{"request", request.id}, {"set", request.set}}};
  }
};

}  // namespace

Result<Performed> LinuxOrders::perform(const order::Body& body) {
  return std::visit(Performer{setup_.containment, setup_.machine, setup_.quarantine, setup_.backups}, body);
}

bool verify_ed25519(std::string_view public_key, std::string_view message, std::string_view signature) {
  const PrivateKey key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, as_bytes(public_key).data(), public_key.size()));
  const MdContext context(EVP_MD_CTX_new());
  const bool good = key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                    EVP_DigestVerify(context.get(), as_bytes(signature).data(), signature.size(),
                                     as_bytes(message).data(), message.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string find_nft() {
  for (const char* path : {"/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft"}) {
    if (::access(path, X_OK) == 0) return path;
  }
  return {};
}

std::vector<std::string> addresses_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  std::vector<std::string> out;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return out;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
      continue;
    std::string address = order::normal_address(text.data());
    if (!address.empty() && std::find(out.begin(), out.end(), address) == out.end()) out.push_back(std::move(address));
  }
  ::freeaddrinfo(found);
  return out;
}

}  // namespace luy::agent
