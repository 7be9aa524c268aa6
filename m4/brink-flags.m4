# Flags of brink's own. They go into BRINK_CPPFLAGS, BRINK_CFLAGS and BRINK_LDFLAGS: CFLAGS
# and its like belong to the user.
AC_SUBST([BRINK_CPPFLAGS])
AC_SUBST([BRINK_CFLAGS])
AC_SUBST([BRINK_LDFLAGS])

# BRINK_ENABLE(NAME, DEFAULT, HELP): --enable-NAME, as enable_NAME yes or no. HELP is of the
# option that differs from the default.
AC_DEFUN([BRINK_ENABLE], [
  AC_ARG_ENABLE([$1],
    [AS_HELP_STRING([m4_if([$2], [yes], [--disable-$1], [--enable-$1])], [$3])],
    [AS_CASE([$enableval], [yes|no], [],
      [AC_MSG_ERROR([--enable-$1 takes yes or no, not $enableval])])],
    [enable_$1=$2])
])

# BRINK_TRY_CFLAGS(FLAGS, [IF-NOT]): adds FLAGS to BRINK_CFLAGS where the compiler takes them
# without a warning.
AC_DEFUN([BRINK_TRY_CFLAGS], [
  AS_VAR_PUSHDEF([cache], [brink_cv_cflags_$1])
  AC_CACHE_CHECK([whether $CC takes $1], [cache], [
    brink_saved=$CFLAGS
    CFLAGS="$CFLAGS -Werror $1"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
      [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
    CFLAGS=$brink_saved
  ])
  AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([BRINK_CFLAGS], [" $1"])], [$2])
  AS_VAR_POPDEF([cache])
])

# BRINK_TRY_LDFLAGS(FLAGS, [IF-NOT]): the same for the linker, with the flags that the
# compiler was found to take.
AC_DEFUN([BRINK_TRY_LDFLAGS], [
  AS_VAR_PUSHDEF([cache], [brink_cv_ldflags_$1])
  AC_CACHE_CHECK([whether the linker takes $1], [cache], [
    brink_saved_cflags=$CFLAGS
    brink_saved_ldflags=$LDFLAGS
    CFLAGS="$CFLAGS -Werror $BRINK_CFLAGS"
    LDFLAGS="$LDFLAGS $1"
    AC_LINK_IFELSE([AC_LANG_PROGRAM()],
      [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
    CFLAGS=$brink_saved_cflags
    LDFLAGS=$brink_saved_ldflags
  ])
  AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([BRINK_LDFLAGS], [" $1"])], [$2])
  AS_VAR_POPDEF([cache])
])

AC_DEFUN([BRINK_STANDARD], [
  BRINK_TRY_CFLAGS([-std=gnu17], [AC_MSG_ERROR([$CC does not know C17])])
])

AC_DEFUN([BRINK_WARNINGS], [
  m4_foreach_w([flag], [
      -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith
      -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wcast-qual -Wconversion
      -Wno-sign-conversion],
    [BRINK_TRY_CFLAGS(m4_quote(flag))])
  AS_VAR_IF([enable_werror], [yes], [BRINK_TRY_CFLAGS([-Werror])])
])

AC_DEFUN([BRINK_SANITIZERS], [
  AS_VAR_IF([enable_sanitizers], [yes], [
    m4_foreach_w([flag], [
        -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer],
      [BRINK_TRY_CFLAGS(m4_quote(flag), [AC_MSG_ERROR([$CC has no ]flag)])])
    BRINK_TRY_LDFLAGS([-fsanitize=address,undefined],
      [AC_MSG_ERROR([the sanitizers' libraries are missing])])
  ])
])

AC_DEFUN([BRINK_COVERAGE], [
  AS_VAR_IF([enable_coverage], [yes], [
    BRINK_TRY_CFLAGS([--coverage], [AC_MSG_ERROR([$CC has no --coverage])])
    BRINK_TRY_LDFLAGS([--coverage], [AC_MSG_ERROR([gcov's library is missing])])
    AC_DEFINE_UNQUOTED([COVERAGE_FOLDER], ["`pwd`"],
      [Where a build for gcov writes its counts as it ends: readers may write there too])
  ])
])
