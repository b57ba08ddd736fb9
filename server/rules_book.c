/* rules_book.c — the dispatch book from the reply of rules_load(): rows of JSON become rows of routing/. */
#include <stdlib.h>
#include "rules_book.h"

void *rows_new(const json_t *array, size_t size)
{
	void *rows = calloc(json_array_size(array) + 1, size);

	if (rows == NULL)
		abort();
	return rows;
}

const char *cell_text(const json_t *row, size_t column)
{
	const char *text = json_string_value(json_array_get(row, column));

	return text != NULL ? text : "";
}

int cell_number(const json_t *row, size_t column)
{
	return (int)json_integer_value(json_array_get(row, column));
}

static int64_t cell_time(const json_t *row, size_t column)
{
	return json_integer_value(json_array_get(row, column));
}

static bool cell_flag(const json_t *row, size_t column)
{
	return json_is_true(json_array_get(row, column));
}

static const char *member_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static int member_number(const json_t *object, const char *name)
{
	return (int)json_integer_value(json_object_get(object, name));
}

/* ---- the catalogue ---------------------------------------------------------------------------------- */

static struct dispatch_matter *matters_read(const json_t *array)
{
	struct dispatch_matter *matters = rows_new(array, sizeof(*matters));
	size_t i;
	json_t *row;

	json_array_foreach(array, i, row)
		matters[i] = (struct dispatch_matter){ member_text(row, "matter"), member_text(row, "name"),
			member_text(row, "grp"), member_text(row, "words"), member_text(row, "duty"), member_number(row, "level") };
	return matters;
}

static struct dispatch_unit *units_read(const json_t *array)
{
	struct dispatch_unit *units = rows_new(array, sizeof(*units));
	size_t i;
	json_t *row;

	json_array_foreach(array, i, row)
		units[i] = (struct dispatch_unit){ member_number(row, "dept"), member_text(row, "name"),
			member_text(row, "duty"), member_text(row, "region") };
	return units;
}

static struct dispatch_region *regions_read(const json_t *array)
{
	struct dispatch_region *regions = rows_new(array, sizeof(*regions));
	size_t i;
	json_t *row;

	json_array_foreach(array, i, row)
		regions[i] = (struct dispatch_region){ cell_text(row, 0), json_string_value(json_array_get(row, 1)),
			cell_text(row, 2) };
	return regions;
}

static struct dispatch_duty *duties_read(const json_t *array)
{
	struct dispatch_duty *duties = rows_new(array, sizeof(*duties));
	size_t i;
	json_t *row;

	json_array_foreach(array, i, row)
		duties[i] = (struct dispatch_duty){ cell_text(row, 0), cell_text(row, 1) };
	return duties;
}

static struct dispatch_co *cos_read(const json_t *array)
{
	struct dispatch_co *cos = rows_new(array, sizeof(*cos));
	size_t i;
	json_t *row;

	json_array_foreach(array, i, row)
		cos[i] = (struct dispatch_co){ cell_text(row, 0), cell_text(row, 1), cell_number(row, 2), cell_flag(row, 3) };
	return cos;
}

static struct dispatch_book *catalogue_read(const json_t *reply)
{
	const json_t *matters = json_object_get(reply, "matters"), *units = json_object_get(reply, "units");
	const json_t *regions = json_object_get(reply, "regions"), *duties = json_object_get(reply, "duties");
	const json_t *cos = json_object_get(reply, "cos");
	struct dispatch_matter *matter_rows = matters_read(matters);
	struct dispatch_unit *unit_rows = units_read(units);
	struct dispatch_region *region_rows = regions_read(regions);
	struct dispatch_duty *duty_rows = duties_read(duties);
	struct dispatch_co *co_rows = cos_read(cos);
	const struct dispatch_catalogue catalogue = { matter_rows, json_array_size(matters), unit_rows,
		json_array_size(units), region_rows, json_array_size(regions), duty_rows, json_array_size(duties),
		co_rows, json_array_size(cos) };
	struct dispatch_book *book = dispatch_book_new(&catalogue);

	free(matter_rows);
	free(unit_rows);
	free(region_rows);
	free(duty_rows);
	free(co_rows);
	return book;
}

/* ---- what changes beside it --------------------------------------------------------------------------- */

static bool precedents_read(struct dispatch_book *book, const json_t *array)
{
	struct dispatch_precedent *rows = rows_new(array, sizeof(*rows));
	size_t i;
	json_t *row;
	bool ok;

	json_array_foreach(array, i, row)
		rows[i] = (struct dispatch_precedent){ cell_text(row, 0), cell_text(row, 1), cell_number(row, 2), cell_text(row, 3) };
	ok = dispatch_book_rule(book, rows, i);
	free(rows);
	return ok;
}

static bool practices_read(struct dispatch_book *book, const json_t *array)
{
	struct dispatch_practice *rows = rows_new(array, sizeof(*rows));
	size_t i;
	json_t *row;
	bool ok;

	json_array_foreach(array, i, row)
		rows[i] = (struct dispatch_practice){ cell_text(row, 0), cell_text(row, 1), cell_number(row, 2),
			cell_number(row, 3), cell_number(row, 4) };
	ok = dispatch_book_practise(book, rows, i);
	free(rows);
	return ok;
}

static bool absences_read(struct dispatch_book *book, const json_t *array)
{
	struct dispatch_absence *rows = rows_new(array, sizeof(*rows));
	size_t i;
	json_t *row;
	bool ok;

	json_array_foreach(array, i, row)
		rows[i] = (struct dispatch_absence){ cell_number(row, 0), cell_number(row, 1), cell_time(row, 2),
			cell_time(row, 3), cell_text(row, 4) };
	ok = dispatch_book_excuse(book, rows, i);
	free(rows);
	return ok;
}

bool rules_book_weigh(struct dispatch_book *book, const json_t *loads)
{
	struct dispatch_load *rows = rows_new(loads, sizeof(*rows));
	size_t i;
	json_t *row;
	bool ok;

	json_array_foreach(loads, i, row)
		rows[i] = (struct dispatch_load){ cell_number(row, 0), cell_number(row, 1), cell_number(row, 2), cell_flag(row, 3) };
	ok = dispatch_book_weigh(book, rows, i);
	free(rows);
	return ok;
}

struct dispatch_book *rules_book_read(const json_t *reply)
{
	struct dispatch_book *book = catalogue_read(reply);

	if (book != NULL && precedents_read(book, json_object_get(reply, "precedents"))
	    && practices_read(book, json_object_get(reply, "practices"))
	    && absences_read(book, json_object_get(reply, "absences"))
	    && rules_book_weigh(book, json_object_get(reply, "loads")))
		return book;
	dispatch_book_free(book);
	return NULL;
}
