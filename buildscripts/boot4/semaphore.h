/* tcc guards its state against other threads. There are none. */
#ifndef BUILDSCRIPTS_BOOT4_SEMAPHORE_H
#define BUILDSCRIPTS_BOOT4_SEMAPHORE_H
typedef int sem_t;
#define sem_init(s, shared, value) (*(s) = (value))
#define sem_wait(s) (--*(s))
#define sem_post(s) (++*(s))
#endif
