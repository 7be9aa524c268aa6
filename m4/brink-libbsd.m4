# libbsd through its overlay, which adds the BSD functions to the system's own headers.
AC_DEFUN([BRINK_LIBBSD], [
  PKG_CHECK_MODULES([LIBBSD], [libbsd-overlay >= 0.9])
  AC_CACHE_CHECK([whether libbsd's overlay links], [brink_cv_libbsd_links], [
    brink_saved_cppflags=$CPPFLAGS
    brink_saved_libs=$LIBS
    CPPFLAGS="$CPPFLAGS $LIBBSD_CFLAGS"
    LIBS="$LIBBSD_LIBS $LIBS"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[
      #include <stdlib.h>
      #include <string.h>
      #include <unistd.h>
    ]], [[
      char title[8];

      strlcpy(title, "title", sizeof(title));
      setproctitle("%s", title);
      return (int)strtonum("0", 0, 1, NULL);
    ]])], [brink_cv_libbsd_links=yes], [brink_cv_libbsd_links=no])
    CPPFLAGS=$brink_saved_cppflags
    LIBS=$brink_saved_libs
  ])
  AS_VAR_IF([brink_cv_libbsd_links], [yes], [],
    [AC_MSG_ERROR([libbsd-overlay was found but no program links with it])])
])
