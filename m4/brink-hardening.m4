# What makes a fault in the program harder to use against it. It would be in the sanitizers'
# way, which find the fault itself.
AC_DEFUN([BRINK_HARDENING], [
  AS_VAR_IF([enable_sanitizers], [yes], [enable_hardening=no])
  AS_VAR_IF([enable_hardening], [yes], [
    m4_foreach_w([flag], [
        -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection],
      [BRINK_TRY_CFLAGS(m4_quote(flag))])
    m4_foreach_w([flag], [-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack],
      [BRINK_TRY_LDFLAGS(m4_quote(flag))])
    BRINK_FORTIFY([3], [BRINK_FORTIFY([2])])
  ])
])

# BRINK_FORTIFY(LEVEL, [IF-NOT]): checks of buffer sizes in libc at that level, where compiler
# and libc have it. They need an optimised build.
AC_DEFUN([BRINK_FORTIFY], [
  AC_CACHE_CHECK([whether $CC has _FORTIFY_SOURCE=$1], [brink_cv_fortify_$1], [
    brink_saved=$CPPFLAGS
    CPPFLAGS="$CPPFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$1"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
      #include <string.h>
      #if !defined __USE_FORTIFY_LEVEL || __USE_FORTIFY_LEVEL < $1
      #error "not at this level"
      #endif
    ]])], [brink_cv_fortify_$1=yes], [brink_cv_fortify_$1=no])
    CPPFLAGS=$brink_saved
  ])
  AS_VAR_IF([brink_cv_fortify_$1], [yes],
    [AS_VAR_APPEND([BRINK_CPPFLAGS], [" -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$1"])], [$2])
])
