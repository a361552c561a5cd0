/* Time on a machine without a clock: the calendar is right, the hour is always the first of 1970
 * (C99 7.23). */
#include <stdio.h>
#include <string.h>
#include <time.h>

time_t time(time_t *now) {
    if (now)
        *now = 0;
    return 0;
}

int timespec_get(struct timespec *now, int base) {
    now->tv_sec = 0;
    now->tv_nsec = 0;
    return base;
}

clock_t clock(void) {
    return 0;
}

double difftime(time_t a, time_t b) {
    return (double)a - b;
}

/* days from 1970-01-01 to the first of January of the year */
static long days_before(long year) {
    long y = year - 1;
    return 365 * (year - 1970) + (y / 4 - y / 100 + y / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
}

static int days_of_month(int month, long year) {
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month] + (month == 1 && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)));
}

struct tm *gmtime(const time_t *time) {
    static struct tm t;
    long days = *time / 86400, seconds = *time % 86400, year = 1970;
    if (seconds < 0) {
        seconds += 86400;
        days--;
    }
    while (days < days_before(year))
        year--;
    while (days >= days_before(year + 1))
        year++;
    t.tm_hour = seconds / 3600;
    t.tm_min = seconds / 60 % 60;
    t.tm_sec = seconds % 60;
    t.tm_wday = ((days % 7) + 11) % 7;
    t.tm_year = year - 1900;
    t.tm_yday = t.tm_mday = days - days_before(year);
    for (t.tm_mon = 0; t.tm_mday >= days_of_month(t.tm_mon, year); t.tm_mon++)
        t.tm_mday -= days_of_month(t.tm_mon, year);
    t.tm_mday++;
    t.tm_isdst = 0;
    return &t;
}

struct tm *localtime(const time_t *time) {
    return gmtime(time);
}

time_t mktime(struct tm *t) {
    long year = t->tm_year + 1900L + t->tm_mon / 12;
    int month = t->tm_mon % 12;
    if (month < 0) {
        month += 12;
        year--;
    }
    long days = days_before(year) + t->tm_mday - 1;
    for (int m = 0; m < month; m++)
        days += days_of_month(m, year);
    time_t result = days * 86400 + t->tm_hour * 3600L + t->tm_min * 60L + t->tm_sec;
    *t = *gmtime(&result);
    return result;
}

static const char *const day_names[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday"};
static const char *const month_names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};

/* one conversion of strftime into to, which has 64 bytes */
static void one(char *to, char kind, const struct tm *t) {
    switch (kind) {
    case 'Y':
        sprintf(to, "%d", t->tm_year + 1900);
        break;
    case 'y':
        sprintf(to, "%02d", t->tm_year % 100);
        break;
    case 'm':
        sprintf(to, "%02d", t->tm_mon + 1);
        break;
    case 'd':
        sprintf(to, "%02d", t->tm_mday);
        break;
    case 'e':
        sprintf(to, "%2d", t->tm_mday);
        break;
    case 'H':
        sprintf(to, "%02d", t->tm_hour);
        break;
    case 'M':
        sprintf(to, "%02d", t->tm_min);
        break;
    case 'S':
        sprintf(to, "%02d", t->tm_sec);
        break;
    case 'j':
        sprintf(to, "%03d", t->tm_yday + 1);
        break;
    case 'w':
        sprintf(to, "%d", t->tm_wday);
        break;
    case 'a':
        sprintf(to, "%.3s", day_names[t->tm_wday]);
        break;
    case 'A':
        strcpy(to, day_names[t->tm_wday]);
        break;
    case 'b':
        sprintf(to, "%.3s", month_names[t->tm_mon]);
        break;
    case 'B':
        strcpy(to, month_names[t->tm_mon]);
        break;
    case 'F':
        sprintf(to, "%d-%02d-%02d", t->tm_year + 1900, t->tm_mon + 1, t->tm_mday);
        break;
    case 'T':
        sprintf(to, "%02d:%02d:%02d", t->tm_hour, t->tm_min, t->tm_sec);
        break;
    case 'Z':
        strcpy(to, "UTC");
        break;
    case 'z':
        strcpy(to, "+0000");
        break;
    case 'n':
        strcpy(to, "\n");
        break;
    case 't':
        strcpy(to, "\t");
        break;
    default:
        sprintf(to, "%c", kind);
    }
}

size_t strftime(char *to, size_t size, const char *format, const struct tm *t) {
    size_t n = 0;
    for (; *format; format++) {
        char text[64] = {*format};
        if (*format == '%' && format[1])
            one(text, *++format, t);
        size_t length = strlen(text);
        if (n + length >= size)
            return 0;
        memcpy(to + n, text, length);
        n += length;
    }
    if (n >= size)
        return 0;
    to[n] = 0;
    return n;
}

char *asctime(const struct tm *t) {
    static char text[64];
    sprintf(text, "%.3s %.3s %2d %02d:%02d:%02d %d\n", day_names[t->tm_wday],
            month_names[t->tm_mon], t->tm_mday, t->tm_hour, t->tm_min, t->tm_sec,
            t->tm_year + 1900);
    return text;
}

char *ctime(const time_t *time) {
    return asctime(gmtime(time));
}
