/*
 * The one table of options a command takes, and everything that is made from it: parsing,
 * --help, the stored plan, the manual page and shell completion.
 */
#ifndef BRINK_PLAN_OPTION_H
#define BRINK_PLAN_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/json.h"
#include "base/units.h"

enum option_type {
	OPTION_FLAG,   /* stores 1; as --name=no, or "name = no" in a file, 0 */
	OPTION_NUMBER, /* units_parse() with .unit, within min..max, or one of .words */
	OPTION_CHOICE, /* one of .words */
	OPTION_TEXT,   /* any text that is not empty, copied */
	OPTION_CONFIG, /* as OPTION_TEXT: a file of options, see option_parse() */
	OPTION_CUSTOM, /* .parse does it */
};

/* A word that stands for a value: "unlimited" = 0, "group" = LISTENER_GROUP. */
struct option_word {
	const char *word;
	int64_t value;
	const char
	    *also; /* what others call it, refused with the word as a hint; or NULL */
};

struct option_spec;

/* A value of what option_json() wrote: of an option, or one member of it. */
struct option_stored {
	const char *option;
	const char
	    *member;      /* its name within an object; NULL: the option has one value */
	const char *text; /* NULL: it is a number, or a flag as 0 or 1 */
	int64_t number;
};

/* As long as the argument of an option can be that is made from a stored value. */
#define OPTION_STORED_SIZE 256

/* An option of a shape of its own. */
struct option_custom {
	/* Stores arg into base: 0, or -1 after writing to why what is wrong with it and what
	 * is allowed, without a full stop. */
	int (*parse)(const struct option_spec *spec, const char *arg, void *base,
		     FILE *why);
	/* Writes lines of "  --name value", as one would type them. */
	void (*list)(const struct option_spec *spec, const void *base, FILE *out);
	void (*json)(const struct option_spec *spec, const void *base, struct json *j);
	/* The argument that gives a value of what json() wrote, as one would type it; "" as it
	 * is where the value is none of this option. */
	void (*retype)(const struct option_stored *value, char arg[OPTION_STORED_SIZE]);
};

struct option_spec {
	const char *name; /* without the dashes */
	char letter;      /* or 0 */
	enum option_type type;
	enum unit unit;
	size_t
	    offset; /* of an int64_t, or of a char * for text, in the command's struct */
	int64_t min, max;
	const char *def; /* as one would type it; NULL: 0, or NULL for text */
	const struct option_word *words; /* ended by a NULL word */
	const char
	    *excludes; /* an option that may not be given beside this one, or NULL */
	/* OPTION_CUSTOM: what reads, writes and stores it, NULL for the other types. */
	const struct option_custom *custom;
	const char *arg;   /* the argument's name in help: "N", "TIME"; NULL: the words */
	const char *group; /* heading in help; a group's entries stand together */
	const char *help;  /* one sentence without its full stop */
};

/* The options of a command, and how it is called. */
struct option_table {
	const char *command;  /* "run" */
	const char *section;  /* of a file of options, NULL: the command's name */
	const char *operands; /* "[RUN]", "" for none */
	int operands_min, operands_max;
	const char *summary;
	const struct option_spec *specs;
	size_t count;
	bool runs; /* what follows "--" is a command and its arguments: plan->command */
	bool
	    reads; /* a store and no more, so that it can be confined and bounded to that */
};

/*
 * Sets every default in base, then reads argv. Returns the index in argv of the first
 * operand (options and operands may not be mixed: options end at the first operand or
 * "--"); OPTION_HELP after printing the help to stdout; or OPTION_ERROR after one sentence
 * on err which names the option, the value and what is allowed. A name that is not in the
 * table gets the nearest that is. Abbreviations are not accepted. --help and -h are known
 * without an entry. Of an option given twice the last one counts. After an error too, what
 * base owns is released by option_free().
 *
 * The file that an OPTION_CONFIG names, wherever it stands, is read before all other
 * options (see plan/config.h), which win over it: also over an option that contradicts
 * them.
 */
#define OPTION_HELP  (-1)
#define OPTION_ERROR (-2)
int option_parse(const struct option_table *table, int argc, char **argv, void *base,
		 FILE *err);

/* Frees every text that option_parse() stored in base. */
void option_free(const struct option_table *table, void *base);

/* What --help prints. */
void option_help(const struct option_table *table, FILE *out);

/* Every option that has a value, by group, a line each, as one would type it; not those whose
 * place another takes. */
void option_list(const struct option_table *table, const void *base, FILE *out);

/* One key an option, by its name: numbers in base units, choices as their word, flags as
 * true or false. */
void option_json(const struct option_table *table, const void *base, struct json *j);

/* The reverse, value by value: stores it into base, which has its defaults, as if it were typed.
 * What the table does not know, or does not allow, is passed over: it may be another brink's. */
void option_restore(const struct option_table *table, const struct option_stored *value,
		    void *base);

/* The word that stands for a value of the option, or NULL. */
const char *option_word(const struct option_spec *spec, int64_t value);

/* Writes a number, choice or flag as one would type it. */
void option_value_write(const struct option_spec *spec, int64_t value, FILE *out);

/* Where the text of an OPTION_TEXT or OPTION_CONFIG lies in base. */
char **option_text(const struct option_spec *spec, void *base);

/* The entry of the option that argv[0] gives, and how many arguments it takes up with its
 * value; NULL where it is none of the table's. */
const struct option_spec *option_given(const struct option_table *table, char **argv,
				       int *taken);

/* The entry of a name of length bytes, or NULL. */
const struct option_spec *option_find(const struct option_table *table, const char *name,
				      size_t length);

#endif
