/*
 * The options of "brink run" that have a shape of their own.
 */
#ifndef BRINK_PLAN_PLAN_CUSTOM_H
#define BRINK_PLAN_PLAN_CUSTOM_H

#include "plan/option.h"

extern const struct option_custom plan_limit_option;  /* --limit NAME=VALUE */
extern const struct option_custom plan_user_option;   /* --user NAME|UID */
extern const struct option_custom plan_guard_option;  /* --guard-memory SIZE|PERCENT */
extern const struct option_custom plan_retain_option; /* --retain SIZE/conn|msg|s */

extern const struct option_custom plan_expect_option;   /* --expect EXPR */
extern const struct option_custom plan_abort_on_option; /* --abort-on EXPR */
extern const struct option_custom plan_tag_option,
    plan_target_pid_option; /* --tag NAME[=VALUE] */

#endif
