// A PKCS#11 driver for token_test: SoftHSM2's, except that C_Sign and C_SignInit report a removed device once the file
// named by LUY_TEST_TOKEN_PLUGGED is gone.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace {

// Enough of PKCS #11 v2.40, section 3.6: the function list is a version and then pointers in the standard's order.
using Word = unsigned long;
using Function = Word (*)();
constexpr Word device_removed = 0x32;
constexpr int sign_init_index = 42;
constexpr int sign_index = 43;
struct FunctionList {
  unsigned char version[2];
  Function functions[68];
};

FunctionList copy{};
FunctionList* original = nullptr;

bool gone() {
  const char* file = std::getenv("LUY_TEST_TOKEN_PLUGGED");
  return file == nullptr || ::access(file, F_OK) != 0;
}

Word sign_init(Word session, void* mechanism, Word key) {
  if (gone()) return device_removed;
  return reinterpret_cast<Word (*)(Word, void*, Word)>(original->functions[sign_init_index])(session, mechanism, key);
}

Word sign(Word session, unsigned char* data, Word size, unsigned char* out, Word* out_size) {
  if (gone()) return device_removed;
  return reinterpret_cast<Word (*)(Word, unsigned char*, Word, unsigned char*, Word*)>(original->functions[sign_index])(
      session, data, size, out, out_size);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) Word C_GetFunctionList(FunctionList** list);
extern "C" Word C_GetFunctionList(FunctionList** list) {
  void* driver = ::dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) return device_removed;
  const auto get = reinterpret_cast<Word (*)(FunctionList**)>(::dlsym(driver, "C_GetFunctionList"));
  if (get == nullptr || get(&original) != 0) return device_removed;
  std::memcpy(&copy, original, sizeof copy);
  copy.functions[sign_init_index] = reinterpret_cast<Function>(sign_init);
  copy.functions[sign_index] = reinterpret_cast<Function>(sign);
  *list = &copy;
  return 0;
}
