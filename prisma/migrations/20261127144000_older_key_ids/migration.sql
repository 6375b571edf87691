-- AlterTable
ALTER TABLE "live_sessions" ADD COLUMN     "older_key_ids" UUID[] DEFAULT ARRAY[]::UUID[];

