/*
 * Takes blocks from malloc for each letter that it reads, and prints a line when that is done. "a" takes 1,000 blocks of
 * 20,000 bytes and 10 of 2,000,000; "s" 100,000 small ones of 3 sizes, of which every second is freed again; "l" 1,000
 * that are aligned to 4 kB.
 */
#include <stdio.h>
#include <stdlib.h>

static void *small[100000];

static void take(int count, size_t size)
{
	while (count-- > 0) *(volatile char *)malloc(size) = 1;
}

int main(void)
{
	take(1, 100); /* before the first one, malloc has nothing to read */
	puts("ready");
	fflush(stdout);
	for (int letter; (letter = getchar()) != EOF;) {
		if (letter == '\n') continue;
		if (letter == 'a') {
			take(1000, 20000);
			take(10, 2000000);
		}
		if (letter == 's') {
			for (int i = 0; i < 100000; i++) small[i] = malloc(40 + 160 * (i % 3));
			for (int i = 0; i < 100000; i += 2) free(small[i]);
		}
		if (letter == 'l')
			for (int i = 0; i < 1000; i++) *(volatile char *)aligned_alloc(4096, 5000) = 1;
		puts("done");
		fflush(stdout);
	}
	return 0;
}
