"""What a client may take: seconds, bytes and connections. Only a connection is held meanwhile, never a thread."""

HEADER_SECONDS = 10  # from the first byte of a request, or from connecting, to the end of its header
REQUEST_SECONDS = 60  # the same to the end of its body
ANSWER_SECONDS = 120  # to take the whole answer; not the time that the portal needs to make it
IDLE_SECONDS = 75  # between two requests; longer than nginx keeps its connections to us (5), so that it never meets a closed one
LINGER_SECONDS = 5  # to read and throw away what still comes after an early answer, else the client may never see the answer
ENDING_IDLE_SHARE = 0.25  # of its grace: how long a process that ends lets a kept connection ask once more; of 30 s longer than nginx's 5

LARGEST_BODY = 64 * 1024
LARGEST_UPLOAD = 4 * 1024 * 1024 + LARGEST_BODY  # a file of the bank, with the form around it
UPLOADS = "/staff/bank/new"  # the one address that takes a file
UPLOADS_AT_ONCE = 4  # of one process: a body lies in memory, and above half a megabyte on disk
LARGEST_HEADER = 16 * 1024  # with the line of the request
LARGEST_LINGERING = 4 * 1024 * 1024
CONNECTIONS = 1000  # of one process; near this the ones that wait longest are closed
BACKLOG = 1024

# For glibc: give back at once what a password hash took (19 MiB). Else each thread's own heap keeps it, some 70 MiB a process.
MEMORY = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "1048576", "MALLOC_TRIM_THRESHOLD_": "1048576"}
