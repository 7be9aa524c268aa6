# What makes a fault in the program harder to use against it.
AC_DEFUN([BRINK_HARDENING], [
  AS_VAR_IF([enable_hardening], [yes], [
    m4_foreach_w([flag], [-fPIE -fstack-protector-strong -fcf-protection],
      [BRINK_TRY_CFLAGS(m4_quote(flag))])
    m4_foreach_w([flag], [-pie -Wl,-z,relro -Wl,-z,now], [BRINK_TRY_LDFLAGS(m4_quote(flag))])
    BRINK_FORTIFY
  ])
])

# Checks of buffer sizes in libc: they need an optimised build and are in the sanitizers' way.
AC_DEFUN([BRINK_FORTIFY], [
  AC_CACHE_CHECK([whether $CC optimises], [brink_cv_optimises], [
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
      #ifndef __OPTIMIZE__
      #error "not optimised"
      #endif
    ]])], [brink_cv_optimises=yes], [brink_cv_optimises=no])
  ])
  AS_IF([test "$brink_cv_optimises $enable_sanitizers" = "yes no"],
    [AS_VAR_APPEND([BRINK_CPPFLAGS], [" -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])])
])
