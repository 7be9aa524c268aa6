# Fuzzers, by libFuzzer: the library is built to be watched, each fuzzer is linked with the
# driver. To be expanded before BRINK_SANITIZERS, without which they would not see much.
AC_DEFUN([BRINK_FUZZERS], [
  AS_VAR_IF([enable_fuzzers], [yes], [
    enable_sanitizers=yes
    BRINK_TRY_CFLAGS([-fsanitize=fuzzer-no-link],
      [AC_MSG_ERROR([$CC has no libFuzzer; configure with CC=clang])])
  ])
  AM_CONDITIONAL([FUZZERS], [test "$enable_fuzzers" = yes])
])
