/* Times ISA-L's erasure code for the bench `erasure`. Build: cc -O3 isal.c -lisal
   Reads lines "encode K N UNIT TIMES" or "decode K N UNIT TIMES", answers each with the seconds that TIMES stripes took.
   The matrix is ISA-L's systematic Cauchy matrix; decode restores the first min(K, N-K) data units, all of whose number were lost.
   Before the first timing of a line the result is checked against the data. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <isa-l.h>

enum { MAX = 255, ALIGN = 4096 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void fail(const char *why)
{
    fprintf(stderr, "isal: %s\n", why);
    exit(1);
}

int main(void)
{
    char what[16];
    int k, n, unit, times;
    static unsigned char matrix[MAX * MAX], sub[MAX * MAX], inverse[MAX * MAX], rows[MAX * MAX];
    static unsigned char tables[32 * MAX * MAX], wanted_tables[32 * MAX * MAX];

    while (scanf("%15s %d %d %d %d", what, &k, &n, &unit, &times) == 5) {
        unsigned char *units[MAX], *present[MAX], *restored[MAX], *all;
        int lost = n - k < k ? n - k : k, decode = strcmp(what, "decode") == 0;
        double start;

        if (k < 1 || n <= k || n > MAX || unit < 1 || posix_memalign((void **)&all, ALIGN, (size_t)(n + lost) * unit))
            fail("bad shape");
        srand(1);
        for (size_t i = 0; i < (size_t)(n + lost) * unit; i++)
            all[i] = (unsigned char)rand();
        for (int i = 0; i < n; i++)
            units[i] = all + (size_t)i * unit;
        for (int i = 0; i < lost; i++)
            restored[i] = all + (size_t)(n + i) * unit;

        gf_gen_cauchy1_matrix(matrix, n, k);
        ec_init_tables(k, n - k, matrix + k * k, tables);
        ec_encode_data(unit, k, n - k, tables, units, units + k);

        for (int i = 0; i < k; i++) {
            present[i] = units[lost + i];
            memcpy(sub + i * k, matrix + (lost + i) * k, k);
        }
        if (gf_invert_matrix(sub, inverse, k))
            fail("matrix is singular");
        memcpy(rows, inverse, (size_t)lost * k);
        ec_init_tables(k, lost, rows, wanted_tables);
        ec_encode_data(unit, k, lost, wanted_tables, present, restored);
        for (int i = 0; i < lost; i++)
            if (memcmp(restored[i], units[i], unit))
                fail("wrong result");

        start = now();
        for (int i = 0; i < times; i++)
            if (decode)
                ec_encode_data(unit, k, lost, wanted_tables, present, restored);
            else
                ec_encode_data(unit, k, n - k, tables, units, units + k);
        printf("%.9f\n", now() - start);
        fflush(stdout);
        free(all);
    }
    return 0;
}
