#include "report/html_data.h"

#include <resolv.h>
#include <stdlib.h>
#include <zlib.h>

#include "analyse/rows.h"
#include "base/json.h"

#define LINE 57 /* bytes a line: 76 characters of base64 */

static void
write_series(struct json *j, const struct chart_series *series)
{
	json_object(j, NULL);
	json_text(j, "label", series->label);
	json_int(j, "frame", (int64_t)series->frame);
	json_int(j, "column", (int64_t)series->column);
	json_real(j, "scale", series->scale);
	json_int(j, "slot", series->slot % CHART_SERIES);
	json_bool(j, "spans", series->spans);
	json_end_object(j);
}

static void
write_charts(struct json *j, const struct chart_set *set)
{
	static const char *const units[] = {
		[CHART_COUNT] = "count", [CHART_BYTES] = "bytes",     [CHART_US] = "us",
		[CHART_RATE] = "rate",   [CHART_PERCENT] = "percent",
	};

	json_array(j, "charts");
	for (size_t i = 0; i < set->count; i++) {
		const struct chart *chart = &set->charts[i];

		json_object(j, NULL);
		json_text(j, "id", chart->id);
		json_text(j, "title", chart->title);
		json_text(j, "unit", units[chart->unit]);
		json_bool(j, "apart", chart->apart);
		json_array(j, "series");
		for (size_t k = 0; k < chart->series_count; k++)
			write_series(j, &chart->series[k]);
		json_end_array(j);
		json_array(j, "limits");
		for (size_t k = 0; k < chart->limit_count; k++) {
			json_object(j, NULL);
			json_text(j, "label", chart->limits[k].label);
			json_real(j, "value", chart->limits[k].value);
			json_end_object(j);
		}
		json_end_array(j);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_bands(struct json *j, const struct chart_set *set)
{
	json_array(j, "bands");
	for (size_t i = 0; i < set->band_count; i++) {
		json_object(j, NULL);
		json_int(j, "from", set->bands[i].from);
		json_int(j, "to", set->bands[i].to);
		json_text(j, "name", set->bands[i].name);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_marks(struct json *j, const struct chart_set *set)
{
	json_array(j, "marks");
	for (size_t i = 0; i < set->mark_count; i++) {
		json_object(j, NULL);
		json_int(j, "x", set->marks[i].x);
		json_text(j, "label", set->marks[i].label);
		json_bool(j, "broke", set->marks[i].broke);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_frames(struct json *j, const struct chart_set *set)
{
	json_array(j, "frames");
	for (size_t i = 0; i < set->frame_count; i++) {
		json_object(j, NULL);
		json_int(j, "rows", (int64_t)set->frames[i].rows);
		json_int(j, "columns", (int64_t)set->frames[i].count);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_head(FILE *out, const struct chart_set *set)
{
	struct json j;

	json_begin(&j, out);
	json_object(&j, NULL);
	json_int(&j, "from", set->x_from);
	json_int(&j, "to", set->x_to);
	if (set->has_held) {
		json_int(&j, "held", (int64_t)set->held);
		json_int(&j, "held_to", set->held_to);
	} else {
		json_null(&j, "held");
	}
	write_frames(&j, set);
	write_charts(&j, set);
	write_bands(&j, set);
	write_marks(&j, set);
	json_end_object(&j);
}

/* ----------------------------------------------------------------------------- columns */

static void
write_varint(FILE *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		putc((int)(value & 0x7f) | 0x80, out);
	putc((int)value, out);
}

static void
write_column(FILE *out, const int64_t *values, size_t rows)
{
	int64_t last = 0;

	for (size_t i = 0; i < rows; i++) {
		int64_t delta = values[i] - last;

		if (values[i] == FRAME_NONE) {
			putc(0, out);
			continue;
		}
		write_varint(out, 1 + (((uint64_t)delta << 1) ^ (uint64_t)(delta >> 63)));
		last = values[i];
	}
}

static bool
is_shown(const struct chart_set *set, size_t frame, size_t column)
{
	if (set->has_held && frame == 0 && column == set->held)
		return true;
	for (size_t i = 0; i < set->count; i++)
		for (size_t k = 0; k < set->charts[i].series_count; k++)
			if (set->charts[i].series[k].frame == frame &&
			    set->charts[i].series[k].column == column)
				return true;
	return false;
}

static void
write_columns(FILE *out, const struct chart_set *set)
{
	for (size_t i = 0; i < set->frame_count; i++) {
		const struct frame *frame = &set->frames[i];

		write_column(out, frame->x, frame->rows);
		for (size_t k = 0; k < frame->count; k++) {
			putc(is_shown(set, i, k), out);
			if (is_shown(set, i, k))
				write_column(out, frame->columns[k], frame->rows);
		}
	}
}

/* The bytes before they are compressed; the caller frees them. NULL without memory. */
static char *
raw_data(const struct chart_set *set, size_t *size)
{
	char *head = NULL, *raw = NULL;
	size_t length;
	FILE *out = open_memstream(&head, &length);

	if (out == NULL)
		return NULL;
	write_head(out, set);
	if (fclose(out) == EOF || (out = open_memstream(&raw, size)) == NULL) {
		free(head);
		return NULL;
	}
	for (int shift = 0; shift < 32; shift += 8)
		putc((int)(length >> shift & 0xff), out);
	fwrite(head, 1, length, out);
	write_columns(out, set);
	free(head);
	if (fclose(out) == 0)
		return raw;
	free(raw);
	return NULL;
}

/* gzip without a name or time in its head, so that equal data make equal bytes. */
static unsigned char *
compress_data(char *raw, size_t size, size_t *compressed)
{
	z_stream z = { .next_in = (unsigned char *)raw, .avail_in = (unsigned)size };
	gz_header header = { .os = 255 };
	unsigned char *data;
	size_t room;
	int end;

	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 9,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	(void)deflateSetHeader(&z, &header);
	room = deflateBound(&z, size);
	data = rows_alloc(room, 1);
	z.next_out = data;
	z.avail_out = (unsigned)room;
	end = deflate(&z, Z_FINISH);
	*compressed = z.total_out;
	(void)deflateEnd(&z);
	if (end == Z_STREAM_END)
		return data;
	free(data);
	return NULL;
}

static void
write_base64(FILE *out, const unsigned char *data, size_t size)
{
	char text[(LINE + 2) / 3 * 4 + 1];

	for (size_t i = 0; i < size; i += LINE) {
		(void)b64_ntop(data + i, size - i < LINE ? size - i : LINE, text,
			       sizeof(text));
		fprintf(out, "%s\n", text);
	}
}

int
html_data(FILE *out, const struct chart_set *set)
{
	unsigned char *data = NULL;
	size_t size, compressed;
	char *raw = raw_data(set, &size);

	if (raw != NULL && size <= UINT32_MAX)
		data = compress_data(raw, size, &compressed);
	free(raw);
	if (data == NULL)
		return -1;
	fputs("<script type=\"application/gzip\" id=\"data\">\n", out);
	write_base64(out, data, compressed);
	fputs("</script>\n", out);
	free(data);
	return 0;
}
