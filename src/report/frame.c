#include "report/frame.h"

#include <stdlib.h>

#include "analyse/rows.h"

void
frame_begin(struct frame *frame, size_t rows, size_t count)
{
	*frame = (struct frame){ .rows = rows,
				 .read = rows,
				 .x = rows_alloc(rows, sizeof(*frame->x)),
				 .columns = rows_alloc(count, sizeof(*frame->columns)),
				 .count = count };
	for (size_t i = 0; i < count; i++) {
		frame->columns[i] = rows_alloc(rows, sizeof(**frame->columns));
		for (size_t row = 0; row < rows; row++)
			frame->columns[i][row] = FRAME_NONE;
	}
}

void
frame_free(struct frame *frame)
{
	for (size_t i = 0; i < frame->count; i++)
		free(frame->columns[i]);
	free(frame->columns);
	free(frame->x);
	*frame = (struct frame){ 0 };
}

size_t
frame_row(const struct frame *frame, int64_t x)
{
	size_t low = 0, high = frame->rows;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (frame->x[middle] <= x)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? low - 1 : frame->rows;
}

int64_t
frame_at(const struct frame *frame, size_t column, size_t row)
{
	const int64_t *values = frame->columns[column];

	if (row >= frame->rows)
		return FRAME_NONE;
	while (row > 0 && values[row] == FRAME_NONE)
		row--;
	return values[row];
}

int
frame_range(const struct frame *frame, size_t column, size_t from, size_t to,
	    int64_t *low, int64_t *high)
{
	int found = -1;

	for (size_t row = from; row < to && row < frame->rows; row++) {
		int64_t value = frame->columns[column][row];

		if (value == FRAME_NONE)
			continue;
		*low = found == -1 || value < *low ? value : *low;
		*high = found == -1 || value > *high ? value : *high;
		found = 0;
	}
	return found;
}
